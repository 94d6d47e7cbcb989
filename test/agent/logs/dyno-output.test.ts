import { describe, expect, test } from 'vitest'
import { outputLimits } from '../../../agent/core/logs/output-limits.ts'
import { DynoOutput, OutputAllowance } from '../../../agent/logs/dyno-output.ts'

const chunkOf = (lines: number, length = 99) => Buffer.from(`${'x'.repeat(length)}\n`.repeat(lines))
const openOutput = (name: string, app = new OutputAllowance(outputLimits.keptOfApp)) => new DynoOutput(name, app)
const at = 1_795_232_712_123_456

/** Writes at these moments; returns how many lines were kept. */
function write(output: DynoOutput, chunk: Buffer, moments: Iterable<number>): number {
  let kept = 0
  for (const nowMs of moments) kept += output.write(chunk, 'P ', at, nowMs)?.lines ?? 0
  return kept
}
function* everyMs(stepMs: number, times: number) {
  for (let n = 0; n < times; n++) yield n * stepMs
}
const many = (times: number) => everyMs(0, times)

describe('what a dyno writes', () => {
  test('is kept at 50,000 lines of 100 bytes a second, for as long as it likes', () => {
    const output = openOutput('web.1')
    expect(write(output, chunkOf(5000), everyMs(100, 300))).toBe(5000 * 300)
  })

  test('is kept when it is 200,000 lines a second for three seconds', () => {
    expect(write(openOutput('run.1'), chunkOf(1000), everyMs(5, 600))).toBe(600_000)
  })

  test('is dropped and counted to the line where it is more, and kept again afterwards', () => {
    const output = openOutput('web.1')
    const pieces = 20_000
    let lost = 0
    let kept = 0
    // Pieces that end within a line, which the next one finishes.
    const piece = Buffer.from('rest\none\ntwo\nbegin')
    for (let n = 0; n < pieces * 50; n++) {
      kept += output.write(piece, 'P ', at, n / 1000)?.lines ?? 0
      if (n % pieces === pieces - 1) lost += output.endLoss()?.lines ?? 0
    }
    expect(lost).toBeGreaterThan(100_000)
    expect(kept).toBeGreaterThan(outputLimits.kept.capacity / (piece.length + 3 * outputLimits.lineBytes))
    expect(kept + lost).toBe(3 * 50 * pieces)
    const later = output.write(Buffer.from('-end\n'), 'P ', at, 1_000_000)
    expect(later?.bytes.toString()).toBe('P begin-end\n')
  })

  test('of short lines gets no more than of long ones', () => {
    const short = openOutput('web.1')
    const lines = write(short, chunkOf(32_768, 1), many(1000))
    expect(lines).toBeLessThan(1_100_000)
    expect(short.endLoss()).toEqual({ lines: 32_768_000 - lines, since: at })
  })

  test('of all dynos of one app is no more than they may together, and another app loses nothing', () => {
    const lineBytes = 100 + outputLimits.lineBytes
    const app = new OutputAllowance({ capacity: 10_000 * lineBytes - 1, perSecond: 1 })
    const dynos = ['web.1', 'web.2', 'web.3'].map((name) => openOutput(name, app))
    expect(dynos.map((dyno) => write(dyno, chunkOf(1000), many(6)))).toEqual([6000, 4000, 0])
    expect(dynos.map((dyno) => dyno.endLoss()?.lines)).toEqual([undefined, 2000, 6000])
    expect(write(openOutput('web.1'), chunkOf(1000), many(6))).toBe(6000)
  })
})
