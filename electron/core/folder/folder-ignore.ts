import ignore, { type Ignore } from 'ignore'

const syncReason = "the sync tool's own file"

/** Never part of a source: what version control, package managers, desktops and sync tools leave behind. */
const defaultNames: Readonly<Record<string, string>> = {
  '.git': 'version control',
  '.hg': 'version control',
  '.svn': 'version control',
  node_modules: 'installed anew by the build',
  '.DS_Store': "the desktop's own file",
  'Thumbs.db': "the desktop's own file",
  '.stfolder': syncReason,
  '.stversions': syncReason,
  '.dropbox': syncReason,
  '.dropbox.cache': syncReason,
  '.owncloudsync.log': syncReason,
  '.nextcloudsync.log': syncReason,
}

/** Second copies that Syncthing, Dropbox, Nextcloud and ownCloud make when two computers changed a file, and their state. */
const syncFile = /\.sync-conflict-\d{8}-|\((?:.+ )?conflicted copy.*\)|^\._?sync_\w+\.db(?:-\w+)?$/

/** What is on its way: of a sync tool, a browser, or open in an office program. */
const partialFile =
  /^\.syncthing\..*\.tmp$|^~syncthing~.*\.tmp$|^\..+\.~[0-9a-f]+$|\.(?:part|partial|crdownload)$|^~\$|^\.~lock\..*#$/

export const partialReason = 'is only half there'

/** `.env`, `.env.local`, `.env.production.local`: by convention these hold secrets and stay on one machine. */
const secretFile = /^\.env(\.local|\..+\.local)?$/

export const secretReason = 'holds secrets; set them as config vars'

interface Rules {
  readonly file: string
  readonly rules: Ignore
  /** The folder that the file lies in, with a slash at its end; empty for the root. */
  readonly base: string
}

/** What applies in one folder: the defaults, `.slugignore` of the root, and each `.gitignore` on the way to it. */
export class FolderIgnore {
  readonly #rules: readonly Rules[]

  constructor(rules: readonly Rules[] = []) {
    this.#rules = rules
  }

  /** With one more ignore file, whose rules win over those further up. */
  with(file: string, folder: string, text: string): FolderIgnore {
    // Git tells cases apart on every file system that does.
    const rules = ignore({ ignorecase: false }).add(text.replace(/^\uFEFF/, ''))
    return new FolderIgnore([{ file, rules, base: folder === '' ? '' : `${folder}/` }, ...this.#rules])
  }

  /** Why the path is left out, or null. */
  reason(path: string, isFolder: boolean): string | null {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (Object.hasOwn(defaultNames, name)) return defaultNames[name] ?? null
    if (!isFolder && secretFile.test(name)) return secretReason
    if (!isFolder && syncFile.test(name)) return syncReason
    if (!isFolder && partialFile.test(name)) return partialReason
    return this.#matched('.slugignore', path, isFolder) ?? this.#matched('.gitignore', path, isFolder)
  }

  /** The nearest file with a word on the path decides, as in git. */
  #matched(file: string, path: string, isFolder: boolean): string | null {
    for (const { base, rules } of this.#rules.filter((one) => one.file === file)) {
      const { ignored, unignored } = rules.test(`${path.slice(base.length)}${isFolder ? '/' : ''}`)
      if (ignored) return `${base}${file}`
      if (unignored) return null
    }
    return null
  }
}
