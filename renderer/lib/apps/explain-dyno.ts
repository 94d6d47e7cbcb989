import { errorCodeOf } from '../log/error-codes.ts'

/**
 * What to do about a dyno's reason, as the agent tells it (docs/dynos.md): by its R code, else by the status that a shell
 * and the kernel give a meaning. Null where the reason says all that is known.
 */
export function adviseOn(reason: string): string | null {
  const code = /\((R\d\d)\)/.exec(reason)?.[1]
  if (code !== undefined) return errorCodeOf(code)?.remedy ?? null
  const status = /\bexited with status (\d+)/.exec(reason)?.[1]
  if (status !== undefined) return adviceOfStatus[status] ?? 'Its last lines in the log say why.'
  return /signal SIG(SEGV|ABRT|BUS|ILL|FPE)/.test(reason)
    ? 'The program itself failed; its last lines in the log may say where.'
    : null
}

const adviceOfStatus: Readonly<Record<string, string>> = {
  0: 'Its command came to an end. A dyno’s command has to keep running.',
  126: 'Its command is there but can’t be run: make the file executable.',
  127: 'Its command was not found: look for a typing error in the Procfile, or for a program that the build did not install.',
}

export interface WebDynos {
  /** How many web dynos the formation asks for. */
  readonly wanted: number
  readonly states: readonly string[]
  readonly isMaintenance: boolean
}

/** What requests get while the app does not serve, with the router's code; null while it does, or would wake for them. */
export function sayRefusal({ wanted, states, isMaintenance }: WebDynos): string | null {
  if (isMaintenance) return 'Maintenance mode is on: requests get the maintenance page (H80).'
  if (states.includes('up') || isAsleep(states)) return null
  if (wanted === 0) return 'No web dyno is wanted: requests are answered with 503 (H14, no web processes running).'
  if (states.includes('starting'))
    return 'Requests wait for the first web dyno that is up, and not for ever (H20, app boot timeout).'
  if (states.includes('crashed')) return 'Every web dyno crashed: requests are answered with 503 (H10, app crashed).'
  return null
}

const isAsleep = (states: readonly string[]) => states.includes('idle') && !states.includes('starting')

/** What becomes of the next request while the app sleeps; null while it doesn't. */
export function sayAsleep({ states, isMaintenance }: Omit<WebDynos, 'wanted'>): string | null {
  if (isMaintenance || states.includes('up') || !isAsleep(states)) return null
  return 'Asleep, since nobody visited. The next request wakes it, and so does a restart.'
}
