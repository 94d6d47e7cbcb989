import { type EmptyEndpointName, emptyEndpoints } from '../../contract/endpoints/empty-endpoints.ts'
import type { Actor } from '../../core/ports/store.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findUser } from '../find.ts'

interface Asked {
  readonly actor: Actor
  readonly parameters: { readonly app?: string; readonly user?: string }
}

/** Answers for what there is none of; an app or a user that there is none of either is still not found. */
export function openEmptyCalls({ store }: Context): Pick<Calls, EmptyEndpointName> {
  const answer = async ({ actor, parameters: { app, user } }: Asked) => {
    if (app !== undefined) findApp(store, app)
    if (user !== undefined) findUser(actor, user)
    return []
  }
  const names = Object.keys(emptyEndpoints) as EmptyEndpointName[]
  return Object.fromEntries(names.map((name) => [name, answer])) as Record<EmptyEndpointName, typeof answer>
}
