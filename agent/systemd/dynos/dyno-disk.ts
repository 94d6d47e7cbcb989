import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { DynoDisk } from '../../core/ports/dynos/dyno-runner.ts'

/** What a dyno has written, of what it may; null when it has no root of its own (any more). */
export async function readDisk(folder: string): Promise<DynoDisk | null> {
  try {
    const { blocks, bavail, bsize, ffree } = await statfs(path.join(folder, 'write'))
    return { usedBytes: (blocks - bavail) * bsize, totalBytes: blocks * bsize, freeFiles: ffree }
  } catch {
    return null
  }
}
