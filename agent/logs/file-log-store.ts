import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { LogStore } from '../core/ports/logs/log-store.ts'
import { AppLog } from './app-log.ts'

export interface LogStoreOptions {
  /** One folder per app is made in it. */
  readonly folder: string
  /** Unix time in microseconds. */
  readonly now?: () => number
  /** A disk that is full must not stop dynos: lines go on to readers, and this is told. */
  readonly onWriteError: (error: unknown) => void
}

/** The merged logs of all apps. An app's log is opened by whoever first writes or reads it. */
export function openLogStore(options: LogStoreOptions): LogStore {
  const now = options.now ?? createClock()
  const logs = new Map<string, AppLog>()
  const folderOf = (appId: string) => path.join(options.folder, appId)
  const logOf = (appId: string) => {
    let log = logs.get(appId)
    if (!log) {
      log = new AppLog(folderOf(appId), now, options.onWriteError)
      logs.set(appId, log)
    }
    return log
  }

  return {
    writeOutput: (appId, dyno, bytes) => logOf(appId).writeOutput(dyno, bytes),
    writeLine: (appId, process, text) => logOf(appId).writeLine(process, text),
    endOutput: (appId, dynoId) => logs.get(appId)?.endOutput(dynoId),
    history: (appId) => logOf(appId).history(),
    readSegment: (appId, segment) => logOf(appId).readSegment(segment),
    search: (appId, search) => logOf(appId).search(search),
    read: (appId, reading) => logOf(appId).read(reading),
    async destroyApp(appId) {
      await logs.get(appId)?.close()
      logs.delete(appId)
      await rm(folderOf(appId), { recursive: true, force: true })
    },
    async close() {
      await Promise.all([...logs.values()].map((log) => log.close()))
      logs.clear()
    },
  }
}

/** Microseconds, finer than the system clock is read, and following it when it is set. */
function createClock(): () => number {
  const toleranceMs = 2
  let offsetMs = Date.now() - performance.now()
  return () => {
    const wall = Date.now()
    const fine = performance.now()
    if (Math.abs(fine + offsetMs - wall) > toleranceMs) offsetMs = wall - fine
    return (fine + offsetMs) * 1000
  }
}
