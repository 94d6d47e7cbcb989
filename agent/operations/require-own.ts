import { HearthError } from '../contract/errors.ts'
import type { Context } from './context.ts'

// A server is one region and has one stack. What names another one would not get what it asked for.

/** By name or id; undefined asks for nothing. */
export function requireOwnStack({ machine }: Context, asked: string | undefined): void {
  requireOwn('stack', machine.facts.stack, asked)
}

/** By name or id; undefined asks for nothing. */
export function requireOwnRegion({ machine }: Context, asked: string | undefined): void {
  requireOwn('region', machine.facts, asked)
}

function requireOwn(
  what: string,
  own: { readonly id: string; readonly name: string },
  asked: string | undefined,
): void {
  if (asked === undefined || asked === own.name || asked === own.id) return
  throw new HearthError('invalid_params', `There is no ${what} "${asked}" on this server, only "${own.name}".`)
}
