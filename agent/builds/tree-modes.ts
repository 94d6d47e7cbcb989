import { chmodSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Tree } from './tree-digest.ts'

/**
 * A slug lies below the dynos of every app that was built to it, and each app has a user of its own. So that each can read
 * and, in its dyno's throw-away upper, change all of /app, the files below are open to all. They can be reached in a
 * dyno only: the folder above belongs to the agent, and nothing writes to the slug itself.
 */
export async function openForEveryUser(directory: string, tree: Tree): Promise<void> {
  chmodSync(directory, 0o777)
  for (const [index, entry] of tree.entries.entries()) {
    if (entry.kind === 'link') continue
    const executable = entry.kind === 'folder' || entry.executable
    chmodSync(path.join(directory, entry.path), executable ? 0o777 : 0o666)
    if (index % 256 === 255) await yieldToOthers()
  }
}
