import { expect, it } from 'vitest'
import { formatMegabytes } from '../../../agent/builds/disk-reserve.ts'
import { StageTimes } from '../../../agent/builds/stage-times.ts'

it.each([
  [0, '0 KB'],
  [9504, '10 KB'],
  [1024 * 1024, '1.0 MB'],
  [200_300_000, '191 MB'],
])('%i bytes are told as %s', (bytes, text) => {
  expect(formatMegabytes(bytes)).toBe(text)
})

it('the stages of a build are summed by their names, and those that took no time are not told apart', async () => {
  let ms = 0
  const stages = new StageTimes(() => ms)
  const spend = (name: string, spentMs: number) =>
    stages.time(name, async () => {
      ms += spentMs
      return name
    })
  expect(await spend('detect', 40)).toBe('detect')
  expect(stages.render()).toBe('0.0 s')
  for (const [name, spentMs] of [
    ['compile', 1200],
    ['layers', 90],
    ['compile', 2800],
  ] as const)
    await spend(name, spentMs)
  expect(stages.render()).toBe('4.1 s: compile 4.0 s')
})
