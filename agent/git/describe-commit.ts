import { HearthError } from '../contract/errors.ts'
import type { Commit, Submodule } from '../core/ports/builds/commit-source.ts'

/** As many as a manifest may have. */
const maximumFiles = 200_000
const maximumBytes = 2 * 1024 * 1024 * 1024

/**
 * Reads what `describeScript` prints, as it comes: a tree of a few hundred bytes can name more files than there are
 * atoms, so it is refused at the first that is too many.
 */
export class CommitReader {
  #rest = ''
  #subject: string | null = null
  #sizeBytes = 0
  #fileCount = 0
  readonly #submodules: Submodule[] = []

  read(text: string): void {
    const parts = (this.#rest + text).split('\0')
    this.#rest = parts.pop() ?? ''
    for (const part of parts) {
      if (this.#subject === null) this.#subject = part
      else this.#readEntry(part)
    }
  }

  finish(): Commit {
    return {
      subject: cleanSubject(this.#subject ?? ''),
      sizeBytes: this.#sizeBytes,
      fileCount: this.#fileCount,
      submodules: this.#submodules,
    }
  }

  #readEntry(entry: string): void {
    // 100644 blob 8baef1b4abc478178b004d62031cf7fe6db6f903       3<TAB>docs/readme.md
    const [, kind, id = '', size = '', path = ''] = /^\d+ (\w+) ([0-9a-f]+) +(\S+)\t(.+)$/s.exec(entry) ?? []
    if (kind === 'commit') this.#submodules.push({ path, commit: id })
    else this.#sizeBytes += Number(size)
    this.#fileCount += 1
    if (this.#fileCount > maximumFiles)
      throw new HearthError('too_large', `The commit has more than ${maximumFiles} files, which is the most.`)
    if (this.#sizeBytes > maximumBytes)
      throw new HearthError('too_large', 'The files of the commit are larger than 2 GB.')
  }
}

/** For terminals, logs and lists: one line, without control characters, not endless. */
function cleanSubject(text: string): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
  return [...line].slice(0, 200).join('')
}
