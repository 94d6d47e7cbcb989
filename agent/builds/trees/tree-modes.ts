import { chmodSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Tree } from './tree-digest.ts'

/**
 * The modes that a slug's checksum stands for: writable by the owner only, readable by all, executable or not. Whatever
 * else a build left on its files, set-user-id bits for one, ends here.
 */
export async function setPlainModes(directory: string, tree: Tree): Promise<void> {
  chmodSync(directory, 0o755)
  for (const [index, entry] of tree.entries.entries()) {
    if (entry.kind === 'link') continue
    const isExecutable = entry.kind === 'folder' || entry.executable
    chmodSync(path.join(directory, entry.path), isExecutable ? 0o755 : 0o644)
    if (index % 256 === 255) await yieldToOthers()
  }
}
