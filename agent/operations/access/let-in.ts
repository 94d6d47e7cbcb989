import { randomUUID } from 'node:crypto'
import { personEmail } from '../../contract/access/person.ts'
import { HearthError } from '../../contract/errors.ts'
import { limits } from '../../core/limits.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { LoginKeys, PublicKey } from '../../core/ports/access/login-keys.ts'
import { type Context, timestamp } from '../context.ts'
import type { Person } from './people.ts'

/** Where SSH keys let people in; the embedded server has its one user. */
export function requireLoginKeys({ loginKeys }: Pick<Context, 'loginKeys'>): LoginKeys {
  if (loginKeys) return loginKeys
  throw new HearthError(
    'invalid_params',
    'This computer is used by whoever is logged in to it; nobody else can be let in. Put the app on a server to share it.',
  )
}

/**
 * Notes a key and then lets sshd take it, in this order: between the two it opens nothing. `note` writes what goes with
 * the key, in the same transaction; if the file can't be written, `undo` takes it back.
 */
export async function letIn(
  context: Context,
  key: PublicKey,
  { note, undo }: { readonly note: () => unknown; readonly undo: () => unknown },
): Promise<void> {
  const { people } = context
  people.change(note)
  try {
    await requireLoginKeys(context).change({ remove: [], add: [key] })
  } catch (error) {
    people.change(undo)
    throw error
  }
  people.refresh()
}

/** What has no record opens nothing any more; a line that could not be taken out is tried again at the next sight of it. */
export async function takeOut(context: Context, keyIds: readonly string[]): Promise<void> {
  const { report } = context
  await requireLoginKeys(context)
    .change({ remove: keyIds, add: [] })
    .catch((error: unknown) => report(`taking the SSH keys ${keyIds.join(', ')} out failed`, error))
}

/** Somebody new, by their first key. */
export async function createPerson(
  context: Context,
  {
    actor,
    user,
    publicKey,
    give,
  }: { actor: Caller; user: string; publicKey: string; give: (personId: string) => void },
): Promise<Person> {
  const { people, store } = context
  const key = requireLoginKeys(context).parse(publicKey)
  const email = requireName(user)
  if (people.list().length >= limits.people) {
    throw new HearthError('invalid_params', `This server knows ${limits.people} people, which is the limit.`)
  }
  refuseTaken(context, key)
  const id = randomUUID()
  await letIn(context, key, {
    note() {
      const now = timestamp(context)
      store.people.insert({ id, email, createdAt: now })
      store.people.insertKey({ ...key, personId: id, addedBy: { id: actor.id, email: actor.email }, createdAt: now })
      give(id)
    },
    undo: () => store.people.remove(id, timestamp(context)),
  })
  return people.require(id)
}

/** A key is one person's. Whose, is told to nobody here. */
export function refuseTaken({ store }: Context, key: PublicKey): void {
  if (!store.people.listKeys().some(({ id }) => id === key.id)) return
  throw new HearthError('invalid_params', 'This key is in use on this server already, and a key is one person.')
}

function requireName(user: string): string {
  const parsed = personEmail.safeParse(user)
  if (parsed.success) return parsed.data
  throw new HearthError(
    'invalid_params',
    `user: ${parsed.error.issues[0]?.message ?? 'is no name'}, and "${user}" does not.`,
  )
}
