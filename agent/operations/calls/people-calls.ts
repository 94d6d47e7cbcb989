import { HearthError } from '../../contract/errors.ts'
import { addKey, requirePerson } from '../access/add-key.ts'
import { grantRole, setRole } from '../access/grant-role.ts'
import { findKey, removeKey, removePerson } from '../access/remove-person.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { missing } from '../find.ts'
import { keyResource, personResource } from '../resources/person-resource.ts'

/** Whom the server knows, and the keys of whoever asks. */
export function openPeopleCalls(context: Context) {
  const { people } = context
  const find = (identity: string) => people.find(identity) ?? missing('person', identity)
  return {
    async listKeys({ actor }) {
      const keys = actor.keyId === null ? [] : people.require(actor.id).keys
      return keys.map((key) => keyResource(context, key))
    },
    createKey: async ({ actor, body }) => keyResource(context, await addKey(context, actor, body.public_key)),
    getKey: async ({ actor, parameters }) =>
      keyResource(context, findKey(context, requirePerson(context, actor), parameters.key)),
    async destroyKey({ actor, parameters }) {
      const person = requirePerson(context, actor)
      const key = findKey(context, person, parameters.key)
      await removeKey(context, { actor, person, key })
      return keyResource(context, key)
    },
    listPeople: async () => people.list().map((person) => personResource(context, person)),
    async createPerson({ actor, body }) {
      const { user, role, public_key: publicKey } = body
      return personResource(
        context,
        await grantRole(context, { actor, user, publicKey, role, otherwise: role, app: null }),
      )
    },
    async updatePerson({ actor, parameters, body }) {
      const person = find(parameters.person)
      if (body.role === null && !person.grants.some(({ appId }) => appId !== null)) {
        throw new HearthError('invalid_params', `${person.email} has no other role here. Remove them instead.`)
      }
      setRole(context, { actor, person, app: null, role: body.role })
      return personResource(context, people.require(person.id))
    },
    async destroyPerson({ actor, parameters }) {
      const person = find(parameters.person)
      await removePerson(context, person, actor)
      return personResource(context, { ...person, keys: [], grants: [] })
    },
    async destroyPersonKey({ actor, parameters }) {
      const person = find(parameters.person)
      await removeKey(context, { actor, person, key: findKey(context, person, parameters.key) })
      return personResource(context, people.require(person.id))
    },
  } satisfies Partial<Calls>
}
