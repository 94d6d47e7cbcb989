import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hasOwnInit, killProcesses, readStartTime, signalProcesses, type TreeMark } from './process-tree.ts'

/** What lies in a dyno's folder, so that an agent which was killed leaves no dyno behind for ever. */
interface DynoRecord extends TreeMark {
  readonly startTime: string | null
}

const recordName = 'process.json'

export async function writeRecord(folder: string, mark: TreeMark): Promise<void> {
  const record: DynoRecord = { ...mark, startTime: await readStartTime(mark.leaderPid) }
  await writeFile(path.join(folder, recordName), JSON.stringify(record))
}

/** Ends what dynos of an earlier agent still run and removes their folders. */
export async function endLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const dynoFolder = path.join(folder, name)
    const record = await readRecord(dynoFolder)
    if (record) await endProcesses(record)
    await rm(dynoFolder, { recursive: true, force: true })
  }
}

async function endProcesses(record: DynoRecord): Promise<void> {
  const isOurs = record.startTime !== null && (await readStartTime(record.leaderPid)) === record.startTime
  // Linux finds them by their namespace or environment even when the leader is gone; elsewhere the leader is all we have.
  if (isOurs) signalProcesses([record.leaderPid], 'SIGKILL')
  const isMarked = record.pidNamespace === null ? process.platform === 'linux' : await hasOwnInit(record)
  if (isOurs || isMarked) await killProcesses(record)
}

async function readRecord(folder: string): Promise<DynoRecord | null> {
  try {
    return JSON.parse(await readFile(path.join(folder, recordName), 'utf8')) as DynoRecord
  } catch {
    return null // The agent was killed before the dyno ran, or while the record was written.
  }
}
