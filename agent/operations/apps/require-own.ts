import { HearthError } from '../../contract/errors.ts'
import { cnbStack, containerStack } from '../../core/builds/image-reference.ts'
import { herokuStackName, stackNameOf } from '../../core/builds/stack-name.ts'
import type { NamedStack } from '../../core/ports/machine.ts'
import type { Context } from '../context.ts'

/** The stack that is asked for by name, id, or the name of the Heroku stack that it stands for; undefined asks for the server's own. */
export function requireStack({ machine }: Context, asked: string | undefined): NamedStack {
  const { stacks } = machine.facts
  if (asked === undefined) return stacks[0]
  const found = stacks.find(({ id, name }) => [id, name, herokuStackName(name)].includes(asked))
  if (found) return found
  if (asked === containerStack || asked === cnbStack)
    throw new HearthError(
      'invalid_params',
      'Images are run by servers, not by this computer: add a server for this app.',
    )
  const known = stacks.map(({ name }) => `"${name}"`).join(', ')
  throw new HearthError('invalid_params', `There is no stack "${asked}" on this server, only ${known}.`)
}

/** For a resource: the stack of a name or of a slug's id, which may be one that is offered no more. */
export function referToStack({ machine }: Context, name: string): NamedStack {
  const { stacks } = machine.facts
  const id = (stacks.find((one) => one.name === stackNameOf(name)) ?? stacks[0]).id
  return { id, name }
}

/** A server is one region: what names another one would not get what it asked for. By name or id; undefined asks for nothing. */
export function requireOwnRegion({ machine }: Context, asked: string | undefined): void {
  const own = machine.facts
  if (asked === undefined || asked === own.name || asked === own.id) return
  throw new HearthError('invalid_params', `There is no region "${asked}" on this server, only "${own.name}".`)
}
