/**
 * What to do about a dyno's reason, as the agent tells it (docs/dynos.md): by its R code, else by the status that a shell
 * and the kernel give a meaning. Null where the reason says all that is known.
 */
export function adviseOn(reason: string): string | null {
  const code = /\((R\d\d)\)/.exec(reason)?.[1]
  if (code !== undefined) return adviceOfCode[code] ?? null
  const status = /\bexited with status (\d+)/.exec(reason)?.[1]
  if (status !== undefined) return adviceOfStatus[status] ?? 'Its last lines in the log say why.'
  return /signal SIG(SEGV|ABRT|BUS|ILL|FPE)/.test(reason)
    ? 'The program itself failed; its last lines in the log may say where.'
    : null
}

const adviceOfCode: Readonly<Record<string, string>> = {
  R10: 'Listen on the port that $PORT names, on 0.0.0.0 and not on localhost, and do slow work after that.',
  R12: 'End within the time given when SIGTERM comes: stop taking requests, finish those under way, exit.',
  R14: 'It serves on, and is ended at twice its size’s memory. Give it a larger size, or let it use less.',
  R15: 'Give it a larger size, or let it use less.',
  R17: 'Deploy again: the files on the server are not those that were built.',
}

const adviceOfStatus: Readonly<Record<string, string>> = {
  0: 'Its command came to an end. A dyno’s command has to keep running.',
  126: 'Its command is there but can’t be run: make the file executable.',
  127: 'Its command was not found: look for a typing error in the Procfile, or for a program that the build did not install.',
}

interface WebDynos {
  /** How many web dynos the formation asks for. */
  readonly wanted: number
  readonly states: readonly string[]
  readonly isMaintenance: boolean
}

/** What requests get while the app does not serve, with the router's code; null while it does. */
export function sayRefusal({ wanted, states, isMaintenance }: WebDynos): string | null {
  if (isMaintenance) return 'Maintenance mode is on: requests get the maintenance page (H80).'
  if (states.includes('up') || states.includes('idle')) return null
  if (wanted === 0) return 'No web dyno is wanted: requests are answered with 503 (H14, no web processes running).'
  if (states.includes('starting'))
    return 'Requests wait for the first web dyno that is up, and not for ever (H20, app boot timeout).'
  if (states.includes('crashed')) return 'Every web dyno crashed: requests are answered with 503 (H10, app crashed).'
  return null
}
