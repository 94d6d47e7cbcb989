import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identify, isRunning } from '../embedded/process-lock.ts'

/** A folder of this process alone below `directory`; what processes that are gone left there goes first. */
export async function openOwnFolder(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (const name of await readdir(directory)) {
    const [pid = '', started = ''] = name.split('.')
    const isOwned = /^[1-9]\d*$/.test(pid) && (await isRunning({ pid: Number(pid), started: started || null }))
    if (!isOwned) await rm(join(directory, name), { recursive: true, force: true })
  }
  const { pid, started } = await identify(process.pid)
  const own = join(directory, `${pid}.${started ?? ''}`)
  await mkdir(own, { recursive: true, mode: 0o700 })
  return own
}
