import { expect, it } from 'vitest'
import { parseBuildLimits } from '../../../agent/builds/build-limits.ts'

it('what a build may take is set by name, and what is none of the names or no number is refused', () => {
  expect(parseBuildLimits('')).toEqual({})
  expect(parseBuildLimits('memoryMb=8192, minutes=30 tasks=64 diskReserveMb=1')).toEqual({
    memoryBytes: 8192 * 1024 * 1024,
    timeoutMs: 30 * 60_000,
    maximumTasks: 64,
    diskReserveBytes: 1024 * 1024,
  })
  for (const wrong of ['memory=1', 'minutes=0', 'minutes=1.5', 'tasks', 'constructor=1'])
    expect(() => parseBuildLimits(wrong)).toThrow(`HEARTH_BUILD_LIMITS has memoryMb, minutes, tasks, diskReserveMb`)
})
