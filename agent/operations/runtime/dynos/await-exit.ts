import { HearthError } from '../../../contract/errors.ts'
import type { DynoExit } from '../../../core/ports/dynos/dyno-runner.ts'
import type { Context } from '../../context.ts'

/** How a dyno ended; throws when it takes longer than a release phase may, or when the signal or the agent ends first. */
export async function awaitExit(
  { clock, settings, background }: Pick<Context, 'clock' | 'settings' | 'background'>,
  { exit, what, signal }: { exit: Promise<DynoExit>; what: string; signal?: AbortSignal },
): Promise<DynoExit> {
  const controller = new AbortController()
  const minutes = Math.round(settings.releasePhaseMs / 60_000)
  const signals = [background.signal, controller.signal, ...(signal ? [signal] : [])]
  try {
    return await Promise.race([
      exit,
      clock.delay(settings.releasePhaseMs, AbortSignal.any(signals)).then(() => {
        throw new HearthError('unavailable', `The ${what} did not end within ${minutes} minutes.`)
      }),
    ])
  } finally {
    controller.abort()
  }
}
