import type { Role } from '../../electron/bridge/contract.ts'

/** From the least to the most. */
export const roles = ['view', 'deploy', 'operate', 'manage'] as const satisfies readonly Role[]

/** What each may do, beside what those before it may. */
export const roleMeanings: Record<Role, string> = {
  view: 'sees the app, its logs and its history',
  deploy: 'deploys, rolls back, reads and changes config vars',
  operate: 'scales, restarts, runs commands, changes domains',
  manage: 'renames and destroys, and says who may use it',
}

/** All that a role may do, as a sentence. */
export function describeRole(role: Role): string {
  const all = roles.filter((each) => suffices(role, each)).map((each) => roleMeanings[each])
  const text = `${all.join('; ')}.`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function suffices(held: Role | null, needed: Role): boolean {
  return held !== null && roles.indexOf(held) >= roles.indexOf(needed)
}

/** `ann@laptop`, `ann@laptop or bob@desk`, `ann@laptop, bob@desk or 3 others`. */
export function listGivers(emails: readonly string[]): string {
  if (emails.length === 0) return 'Whoever is root on the server'
  const shown = emails.slice(0, 2)
  const rest = emails.length - shown.length
  const words = rest > 0 ? [...shown, rest === 1 ? '1 other' : `${rest} others`] : shown
  return words.length === 1 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
