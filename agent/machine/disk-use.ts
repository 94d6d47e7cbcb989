import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { DiskKind, MeasuredDisk } from '../core/ports/machine.ts'
import { runCommand } from '../exec/command.ts'

const folders: ReadonlySet<string> = new Set([
  'slugs',
  'layers',
  'stacks',
  'caches',
  'sources',
  'repositories',
  'builds',
  'logs',
] satisfies DiskKind[])
const keptMs = 10 * 60_000

/**
 * What the state's folders take on the disk. A million files are gone through, so it is done when somebody asks, by `du` at the lowest
 * priority, and what it found holds for ten minutes.
 */
export class DiskUse {
  readonly #directory: string
  #measuring: Promise<MeasuredDisk> | null = null
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(directory: string) {
    this.#directory = directory
  }

  measure(): Promise<MeasuredDisk> {
    if (this.#measuring && performance.now() - this.#measuredAtMs < keptMs) return this.#measuring
    this.#measuredAtMs = performance.now()
    const measuring = measureFolders(this.#directory)
    this.#measuring = measuring
    // What failed is tried again by who asks next.
    measuring.catch(() => {
      if (this.#measuring === measuring) this.#measuring = null
    })
    return measuring
  }
}

async function measureFolders(directory: string): Promise<MeasuredDisk> {
  const usedBy = new Map<DiskKind, number>()
  const names = process.platform === 'win32' ? [] : await readdir(directory)
  if (names.length > 0) {
    // 1: something went while it looked.
    const command = [
      'nice',
      '-n',
      '19',
      'du',
      '-skx',
      '--',
      ...names.map((name) => path.join(directory, name)),
    ] as const
    const { stdout } = await runCommand(command, { expectedStatuses: [1] })
    for (const [name, bytes] of parseDiskUse(stdout)) {
      const kind = folders.has(name) ? (name as DiskKind) : 'other'
      usedBy.set(kind, (usedBy.get(kind) ?? 0) + bytes)
    }
  }
  return { measuredAtMs: Date.now(), usedBy }
}

/** `128	/var/lib/hearth/slugs`, in KiB. A file that is in two folders counts in the first. */
export function parseDiskUse(text: string): [name: string, bytes: number][] {
  return text.split('\n').flatMap((line) => {
    const [, kibibytes, file] = /^(\d+)\t(.+)$/.exec(line) ?? []
    return file === undefined ? [] : [[path.basename(file), Number(kibibytes) * 1024] satisfies [string, number]]
  })
}
