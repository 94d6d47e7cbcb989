import type { PlatformPorts } from '../../platform.ts'
import type { Background } from '../background.ts'

interface WatchPorts extends Pick<PlatformPorts, 'report' | 'clock'> {
  readonly background: Background
}

const lookMs = 60_000
/** Clocks that are kept right are moved by less. */
const toldMs = 10_000

/**
 * Tells the operator that the machine's clock was set: what is dated is out of order around then. How long something takes, lasts or is
 * waited for goes by the uptime, which nobody sets; certificates are looked at anew within a minute as it is.
 */
export function watchClock({ report, background, clock }: WatchPorts): void {
  const offset = () => clock.now() - clock.uptime()
  let lastMs = offset()
  background.repeat('looking after the clock', { clock, everyMs: lookMs }, async () => {
    const setMs = offset() - lastMs
    lastMs += setMs
    if (Math.abs(setMs) < toldMs) return
    const seconds = Math.round(Math.abs(setMs) / 1000)
    const way = setMs > 0 ? 'ahead' : 'back'
    report(
      `The clock of this server was set ${seconds} seconds ${way}`,
      'dates are out of order around now; what runs is as it was',
    )
  })
}
