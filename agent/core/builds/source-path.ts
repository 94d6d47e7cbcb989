import { HearthError } from '../../contract/errors.ts'

/** Longest name that Linux file systems take, in bytes, and a path that still fits below any folder of ours. */
const maximumNameBytes = 255
const maximumPathBytes = 3072

/**
 * The paths of one source as they are announced: refuses what could leave the app's folder, hide, or clash. Two rules make
 * links safe together: no path goes through a link, and a link's target has `..` only in front. So each link, wherever its
 * own path leads, resolves inside the folder.
 */
export class SourcePaths {
  readonly #kinds = new Map<string, 'file' | 'link' | 'folder'>()

  /** Every folder that the paths so far need, parents before children. */
  get folders(): string[] {
    return [...this.#kinds].filter(([, kind]) => kind === 'folder').map(([path]) => path)
  }

  hasFile(path: string): boolean {
    return this.#kinds.get(path) === 'file'
  }

  addFile(path: string): void {
    this.#add(path, 'file')
  }

  addLink(path: string, target: string): void {
    this.#add(path, 'link')
    checkLinkTarget(path, target)
  }

  /** A folder may be named again and again. */
  addFolder(path: string): void {
    checkSourcePath(path)
    this.#addParents(path)
    const kind = this.#kinds.get(path)
    if (kind && kind !== 'folder') throw refuse(path, `it is a ${kind} and a folder at once`)
    this.#kinds.set(path, 'folder')
  }

  #add(path: string, kind: 'file' | 'link'): void {
    checkSourcePath(path)
    this.#addParents(path)
    const existing = this.#kinds.get(path)
    if (existing === 'folder') throw refuse(path, `it is a ${kind} and a folder at once`)
    if (existing) throw refuse(path, 'it is there twice')
    this.#kinds.set(path, kind)
  }

  #addParents(path: string): void {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const parent = path.slice(0, slash)
      const kind = this.#kinds.get(parent)
      if (kind && kind !== 'folder') throw refuse(path, `'${printable(parent)}' is a ${kind}, not a folder`)
      if (!kind) this.#kinds.set(parent, 'folder')
    }
  }
}

export function checkSourcePath(path: string): void {
  if (path === '') throw refuse(path, 'it is empty')
  if (path.includes('\0')) throw refuse(path, 'it has a NUL character')
  if (path.startsWith('/')) throw refuse(path, 'it is absolute')
  if (utf8Length(path) > maximumPathBytes) throw refuse(path, `it is longer than ${maximumPathBytes} bytes`)
  // A lone surrogate has no UTF-8 form; two different ones would become the same file.
  if (!path.isWellFormed()) throw refuse(path, 'it is not valid Unicode')
  for (const name of path.split('/')) {
    if (name === '' || name === '.') throw refuse(path, 'it is not in its shortest form')
    if (name === '..') throw refuse(path, "'..' could lead out of the app's folder")
    if (utf8Length(name) > maximumNameBytes) throw refuse(path, `a name in it is longer than ${maximumNameBytes} bytes`)
  }
}

function checkLinkTarget(path: string, target: string): void {
  if (target === '' || target.includes('\0')) throw refuse(path, 'its link has no valid target')
  if (target.startsWith('/')) throw refuse(path, `it is a link to an absolute path, '${printable(target)}'`)
  if (utf8Length(target) > maximumPathBytes) throw refuse(path, 'its link target is too long')
  const names = target.split('/').filter((name) => name !== '' && name !== '.')
  const ups = names.findIndex((name) => name !== '..')
  const leading = ups === -1 ? names.length : ups
  if (leading > path.split('/').length - 1)
    throw refuse(path, `it is a link that leads out of the app's folder, to '${printable(target)}'`)
  if (names.slice(leading).includes('..'))
    throw refuse(path, `it is a link with '..' behind a name, to '${printable(target)}'`)
}

function refuse(path: string, why: string): HearthError {
  return new HearthError(
    'invalid_params',
    `The source can't be taken: the path '${printable(path)}' is refused because ${why}. Remove or rename it, then deploy again.`,
  )
}

/** Hostile names end up in messages and terminals: short, and without control characters. */
function printable(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return short.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').toWellFormed()
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
