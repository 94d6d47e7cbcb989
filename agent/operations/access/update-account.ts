import type { Account, AccountUpdate } from '../../contract/access/account.ts'
import type { Actor } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { accountResource } from '../resources/server-resource.ts'

/** Keeps what somebody wants to be called; by what they are known here stays their key's name. */
export function updateAccount(context: Context, actor: Actor, { name }: AccountUpdate): Account {
  if (name !== undefined) context.store.accounts.put({ id: actor.id, name, updatedAt: timestamp(context) })
  return accountResource(context, actor)
}
