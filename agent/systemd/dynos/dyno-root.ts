import { stat } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import type { SlugTree } from '../../core/ports/builds/slug-store.ts'
import { runCommand } from '../../exec/command.ts'

/** Root file systems by overlay: a private upper in memory over identity, slug, layers and stack. */
export interface RootPlace {
  /** The dyno's folder; it gets `root` and `write`. */
  readonly folder: string
  /** Holds `etc/passwd` and the like for the app. */
  readonly identityDirectory: string
  readonly tree: SlugTree
  /** The folder of the tree that is a root by itself. */
  readonly image?: string | undefined
  readonly sizeBytes: number
}

/** What a dyno writes counts as its memory; half its limit leaves it the other half to run in. */
export function diskBytesOf(memoryBytes: number): number {
  return Math.max(Math.floor(memoryBytes / 2), 64 * 1024 * 1024)
}

// One shell and two mounts: each process more would be some 2 ms of every dyno's start.
const mountScript = `set -e
mkdir "$1/root" "$1/write"
mount -t tmpfs -o "size=$3,mode=755,nodev,nosuid" hearth-dyno "$1/write"
mkdir "$1/write/upper" "$1/write/work"
exec mount -t overlay -o "lowerdir=$2,upperdir=$1/write/upper,workdir=$1/write/work" hearth-dyno "$1/root"
`

export function renderLowers(place: Pick<RootPlace, 'identityDirectory' | 'tree' | 'image'>): string {
  const lowers = listLowers(place)
  const unfit = lowers.find((lower) => /[,:\\]/.test(lower))
  if (unfit) throw new HearthError('internal', `${unfit} can't be part of an overlay: its name has a comma or colon.`)
  return lowers.join(':')
}

export function requireStack({ stackDirectory }: SlugTree): string {
  if (stackDirectory === null) throw new HearthError('internal', 'A dyno on a server needs a stack.')
  return stackDirectory
}

function listLowers({ identityDirectory, tree, image }: Pick<RootPlace, 'identityDirectory' | 'tree' | 'image'>) {
  const { appDirectory, layerDirectories } = tree
  if (image !== undefined) return [path.join(appDirectory, image)]
  // The slug's folder holds nothing but `app`, so its parent is a root to lay over the layers.
  return [identityDirectory, path.dirname(appDirectory), ...layerDirectories, requireStack(tree)]
}

/** Where a dyno's root is, in its folder. */
export const rootOf = (folder: string) => path.join(folder, 'root')

/** Makes the root of a dyno. */
export async function mountRoot(place: RootPlace): Promise<void> {
  const { tree, folder, sizeBytes } = place
  const isThere = await stat(tree.appDirectory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isThere) throw new HearthError('internal', `The files of slug ${tree.checksum} are missing on this server.`)
  const parameters = [folder, renderLowers(place), String(sizeBytes)]
  await runCommand(['/bin/sh', '-c', mountScript, 'mount', ...parameters])
}

/** 32: it was not mounted. Lazily, since a process that is about to end may still hold it. */
export async function unmountRoot(folder: string): Promise<void> {
  const targets = [rootOf(folder), path.join(folder, 'write')]
  await runCommand(['umount', '--lazy', '--quiet', ...targets], { expectedStatuses: [1, 32, 64] })
}
