import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { preReceiveHook } from './git-scripts.ts'

/** Writes the folder of hooks that all repositories share; nobody but the agent can change it. */
export async function writeHooks(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const file = path.join(directory, 'pre-receive')
  await writeFile(`${file}.next`, preReceiveHook, { mode: 0o755 })
  await chmod(`${file}.next`, 0o755)
  await rename(`${file}.next`, file)
}
