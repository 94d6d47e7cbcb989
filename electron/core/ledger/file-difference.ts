import type { SlugFile, SlugFiles } from '../../../agent/contract/releases/slug-files.ts'

/** A file that came, went or changed. A path that ends in `/` is an installed dependency, as one. */
export interface FileChange {
  readonly path: string
  /** Bytes; null where that release has no such file. */
  readonly from: number | null
  readonly to: number | null
}

export interface FileDifference {
  readonly added: number
  readonly removed: number
  readonly changed: number
  /** In order of their paths, dependencies last; no more than `listedFiles`. */
  readonly changes: FileChange[]
  /** How many differ besides those that are listed. */
  readonly more: number
  /** Either slug has more files than its list: those behind the end of a list are not compared. */
  readonly isPartial: boolean
}

export const listedFiles = 300

export function compareFiles(from: SlugFiles, to: SlugFiles): FileDifference {
  const end = [from, to].flatMap(lastOfCut).sort()[0]
  const isCompared = ({ path }: SlugFile) => end === undefined || path <= end
  const before = new Map(from.files.filter(isCompared).map((file) => [file.path, file]))
  const after = new Map(to.files.filter(isCompared).map((file) => [file.path, file]))
  const changes: FileChange[] = []
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)]
    if (old?.sha256 === now?.sha256 && old?.executable === now?.executable) continue
    changes.push({ path, from: old?.size ?? null, to: now?.size ?? null })
  }
  changes.sort((a, b) => Number(isFolder(a)) - Number(isFolder(b)) || (a.path < b.path ? -1 : 1))
  const count = (holds: (change: FileChange) => boolean) => changes.filter(holds).length
  return {
    added: count((change) => change.from === null),
    removed: count((change) => change.to === null),
    changed: count((change) => change.from !== null && change.to !== null),
    changes: changes.slice(0, listedFiles),
    more: Math.max(0, changes.length - listedFiles),
    isPartial: end !== undefined,
  }
}

const isFolder = ({ path }: FileChange) => path.endsWith('/')

function lastOfCut({ files, left_out }: SlugFiles): string[] {
  const last = files.at(-1)
  return left_out > 0 && last ? [last.path] : []
}
