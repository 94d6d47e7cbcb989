import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Usage {
  /** Processor time since the start of the process, in microseconds. */
  readonly cpuUs: number
  readonly residentBytes: number
}

export interface IdleOptions {
  readonly intervalMs: number
  /** Processor time within an interval below which a process counts as idle, in microseconds. */
  readonly idleCpuUs: number
  /** What it may have grown since the last collection and keep, in bytes. */
  readonly slackBytes: number
  readonly measure: () => Usage
  readonly collect: () => void
}

const defaults = { intervalMs: 5_000, idleCpuUs: 100_000, slackBytes: 1024 * 1024, measure }

/**
 * V8 collects garbage when it needs room, so an idle process holds for ever what its start or its last busy time left:
 * here it is collected once the process has come to rest. Returns a function that ends it; never keeps a process alive.
 */
export function giveBackMemoryWhenIdle(options: Partial<IdleOptions> = {}): () => void {
  const { intervalMs, idleCpuUs, slackBytes, measure, collect } = {
    ...defaults,
    collect: options.collect ?? findCollector(),
    ...options,
  }
  let keptBytes = 0
  let cpuUs = measure().cpuUs
  const timer = setInterval(() => {
    const now = measure()
    const usedUs = now.cpuUs - cpuUs
    cpuUs = now.cpuUs
    if (usedUs > idleCpuUs || now.residentBytes <= keptBytes + slackBytes) return
    collect()
    const after = measure()
    keptBytes = after.residentBytes
    cpuUs = after.cpuUs
  }, intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * V8's full collection, in the flavour that also drops compiled code which was not used of late and shrinks the heap. The
 * flag only decides whether a new context has the function; without it again, the code that Node has cached stays valid.
 */
export function findCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  return () => void gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

function measure(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, residentBytes: process.memoryUsage.rss() }
}
