import type { DynoEvent } from '../../../core/dynos/dyno-state.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { DynoExit, DynoRunner } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformSettings } from '../../settings.ts'

/**
 * Waits for what comes first: a web dyno listens or another one has lived for a moment (`ready`), it exits, or its
 * time is over. Rejects only when the signal aborts.
 */
export async function awaitBoot(
  row: DynoRow,
  exit: Promise<DynoExit>,
  ports: { runner: DynoRunner; clock: Clock; settings: PlatformSettings; timeoutMs: number },
  signal: AbortSignal,
): Promise<DynoEvent> {
  const { runner, clock, settings, timeoutMs } = ports
  const controller = new AbortController()
  const stopWaiting = AbortSignal.any([signal, controller.signal])
  const ready: DynoEvent = { kind: 'ready' }
  const timedOut: DynoEvent = { kind: 'timed-out', timeoutMs }
  const exited = exit.then((how): DynoEvent => ({ kind: 'exited', exit: how }))
  const up =
    row.type === 'web' ? runner.waitUntilListening(row.id, stopWaiting) : clock.delay(settings.settleMs, stopWaiting)
  // Waiting for a dyno's port fails when it exits, a moment before or after the exit is reported: the exit tells more.
  const otherwise = (error: unknown) => (signal.aborted ? Promise.reject(error) : exited)
  try {
    return await Promise.race([
      exited,
      up.then(() => ready, otherwise),
      clock.delay(timeoutMs, stopWaiting).then(() => timedOut, otherwise),
    ])
  } finally {
    controller.abort()
  }
}
