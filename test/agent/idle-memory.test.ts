import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it } from 'vitest'
import { findCollector, giveBackMemoryWhenIdle, type Usage } from '../../agent/idle-memory.ts'
import { eventually } from '../servers/eventually.ts'

type Step = readonly [cpuMs: number, residentMb: number]
const busy: Step = [50, 130]

/** At which steps it collects. Each step is what an interval used, and what the process holds at its end. */
async function collections(steps: readonly Step[], leftMb: number): Promise<number[]> {
  const collectedAt: number[] = []
  let at = -2 // The first look is before the first step.
  let cpuUs = 0
  let isAfterCollection = false
  const measure = (): Usage => {
    if (isAfterCollection) {
      isAfterCollection = false
      return { cpuUs, residentBytes: leftMb * 1e6 }
    }
    at += 1
    const [cpuMs, residentMb] = steps[at] ?? busy
    cpuUs += cpuMs * 1000
    return { cpuUs, residentBytes: residentMb * 1e6 }
  }
  const collect = () => {
    collectedAt.push(at)
    isAfterCollection = true
  }
  const stop = giveBackMemoryWhenIdle({ intervalMs: 1, idleCpuUs: 10_000, slackBytes: 2e6, measure, collect })
  await eventually(() => at >= steps.length, 20_000, 'it does not look')
  stop()
  return collectedAt
}

it('collects once a process has come to rest, and again only when it has grown since', async () => {
  const atRest: Step = [1, 130]
  expect(await collections([busy, busy, atRest, [1, 61], [1, 62], busy, atRest, [1, 60]], 60)).toEqual([2, 6])
})

it('leaves a process alone that has work to do', async () => {
  expect(await collections(Array<Step>(5).fill([11, 130]), 60)).toEqual([])
})

it('collects what nobody can reach any more', () => {
  const collect = findCollector()
  let kept: object[] | null = Array.from({ length: 200_000 }, (_, at) => ({ at }))
  collect()
  const before = process.memoryUsage().heapUsed
  expect(kept.length).toBe(200_000)
  kept = null
  collect()
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(5e6)
})

it('keeps no process alive', async () => {
  const module = JSON.stringify(path.join(import.meta.dirname, '../../agent/idle-memory.ts'))
  const program = `import { giveBackMemoryWhenIdle } from ${module}; giveBackMemoryWhenIdle()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  expect(await once(child, 'exit')).toEqual([0, null])
})
