import { expect, test } from 'vitest'
import { parseStat } from '../../../agent/process/process-tree.ts'

test('reads a line of /proc/<pid>/stat, whatever the name of the process', () => {
  const line =
    '4711 (a) b (c) S 1 4711 4711 0 -1 4194560 6405 0 97 0 61 25 0 0 20 0 11 0 8901234 1234567168 12000 184467 1 1 0 0'
  expect(parseStat(line)).toEqual({ state: 'S', startTime: '8901234', residentPages: 12000, cpuTicks: 86 })
})
