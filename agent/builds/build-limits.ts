import os from 'node:os'
import { HearthError } from '../contract/errors.ts'
import type { SandboxLimits } from '../core/ports/builds/sandbox.ts'
import { defaultDiskReserveBytes } from './disk-reserve.ts'

const megabyte = 1024 * 1024

/** Three quarters of the machine at most, and never more than a large build needs: live apps come first. */
export function chooseLimits(): SandboxLimits {
  return {
    memoryBytes: Math.min(Math.round(os.totalmem() * 0.75), 4096 * megabyte),
    maximumTasks: 2048,
    timeoutMs: 15 * 60 * 1000,
    diskReserveBytes: defaultDiskReserveBytes,
  }
}

const readers: Record<string, (figure: number) => Partial<SandboxLimits>> = {
  memoryMb: (figure) => ({ memoryBytes: figure * megabyte }),
  minutes: (figure) => ({ timeoutMs: figure * 60_000 }),
  tasks: (figure) => ({ maximumTasks: figure }),
  diskReserveMb: (figure) => ({ diskReserveBytes: figure * megabyte }),
}

/** Reads `memoryMb=8192 minutes=30 tasks=4096 diskReserveMb=1024`. Throws `bad_request` for other names and no whole numbers. */
export function parseBuildLimits(text: string): Partial<SandboxLimits> {
  const entries = text.split(/[\s,]+/).filter(Boolean)
  return Object.assign({}, ...entries.map(parseEntry))
}

function parseEntry(entry: string): Partial<SandboxLimits> {
  const [, name = '', figure] = /^(\w+)=([1-9]\d{0,8})$/.exec(entry) ?? []
  if (Object.hasOwn(readers, name) && readers[name]) return readers[name](Number(figure))
  const names = Object.keys(readers).join(', ')
  throw new HearthError('bad_request', `HEARTH_BUILD_LIMITS has ${names}, each with a whole number, not ${entry}.`)
}
