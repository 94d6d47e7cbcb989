import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../../agent/core/ports/machine.ts'
import { describeWarning } from '../../../../agent/core/server-warning.ts'
import { RateLimits } from '../../../../agent/operations/runtime/rate-limits.ts'
import { ServerWarning } from '../../../../agent/operations/runtime/server/server-warning.ts'
import { fakeMachine } from '../fakes/fake-ports.ts'
import { ManualClock, settle } from '../fakes/manual-clock.ts'

describe('requests of a key', () => {
  it('are limited, and become possible again with time; another key is not held up', async () => {
    const clock = new ManualClock()
    const limits = new RateLimits(clock, 2)
    for (let left = 119; left >= 0; left--) expect(limits.take('ann', 1)).toBe(left)
    expect(() => limits.take('ann', 1)).toThrow(expect.objectContaining({ id: 'rate_limit', status: 429 }))
    expect(limits.take('bob', 1)).toBe(119)
    await clock.advance(1000)
    expect(limits.take('ann', 1)).toBe(1)
    await clock.advance(60_000)
    expect(limits.remaining('ann')).toBe(120)
  })

  it('of many keys are not all remembered: those that rest are as good as new', async () => {
    const clock = new ManualClock()
    const limits = new RateLimits(clock, 1 / 30)
    for (let key = 0; key < 5000; key++) {
      limits.take(`key ${key}`, 1)
      await clock.advance(10)
    }
    // Whoever asked a moment ago is still counted.
    expect(limits.remaining('key 4999')).toBe(1)
    expect(limits.size).toBeLessThan(1100)
  })
})

const gigabyte = 1e9
const healthy = {
  memory: { totalBytes: 2, availableBytes: 1 },
  cpu: { cores: 2, load1m: 0.1, busySeconds: 10 },
  disk: { totalBytes: 100 * gigabyte, freeBytes: 50 * gigabyte, reserveBytes: 2 * gigabyte, problem: null },
  needsReboot: false,
}

describe('the warning of a server', () => {
  it('is none as long as all is well', () => {
    expect(describeWarning('box', healthy)).toBeNull()
  })

  it('tells of a disk before builds are refused, and when they are', () => {
    const withFree = (freeBytes: number) => ({ ...healthy, disk: { ...healthy.disk, freeBytes } })
    expect(describeWarning('box', withFree(3 * gigabyte))).toBe(
      'Server box: The disk is 97 % full, 3.0 GB are free. Builds are refused below 2.0 GB.',
    )
    expect(describeWarning('box', withFree(gigabyte))).toBe(
      'Server box: The disk is 99 % full, 1.0 GB are free. Builds are refused until there is room.',
    )
  })

  it('tells of a reboot that is due, in a line that can be a header', () => {
    expect(describeWarning('büro\r\nx', { ...healthy, needsReboot: true })).toBe(
      'Server b?ro??x: It needs a reboot to finish an update.',
    )
  })

  it('is measured once a minute, by whoever asks', async () => {
    const clock = new ManualClock()
    let needsReboot = false
    let measured = 0
    const measure = async () => {
      measured += 1
      return { ...healthy, needsReboot }
    }
    const machine: Machine = { ...fakeMachine, measure }
    const warning = new ServerWarning(machine, clock, () => ['shop.example.com', 'a.b', 'c.d'])
    await warning.measure()
    needsReboot = true
    // Whatever the machine's clock says meanwhile.
    clock.jump(-365 * 86_400_000)
    await clock.advance(59_000)
    expect(warning.current()).toMatch(/The certificate of shop\.example\.com and 2 more expires soon\.$/)
    await clock.advance(1000)
    warning.current()
    await settle()
    expect(warning.current()).toContain('reboot')
    expect(warning.sentences()).toEqual([expect.stringContaining('expires soon'), expect.stringContaining('reboot')])
    expect(measured).toBe(2)
  })
})
