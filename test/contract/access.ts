// Who may use the app of the contract's walk, and its server, and by which keys.
import { describe, expect, it } from 'vitest'
import { makePublicKey } from '../agent/access/public-keys.ts'
import { refused } from './answers.ts'
import type { RealAgent } from './real-agent.ts'

export function describeAccess({ app, real }: { app: string; real: () => RealAgent }): void {
  const agent = () => real().agent

  describe('who may use it', () => {
    const person = 'bob@example.com'
    const collaborator = person

    it('is who was let in by a key, by their role', async () => {
      const public_key = makePublicKey('a laptop')
      await agent().call('createCollaborator', { app }, { user: person, role: 'view', public_key })
      expect(await agent().call('updateCollaborator', { app, collaborator }, { role: 'deploy' })).toMatchObject({
        permissions: [{ name: 'view' }, { name: 'deploy' }],
      })
      const listed = await agent().call('listCollaborators', { app })
      expect(listed.map(({ user, role }) => [user.email, role])).toEqual([
        ['ann@laptop', 'owner'],
        [person, 'collaborator'],
      ])
      expect(await agent().call('getCollaborator', { app, collaborator: listed[1]?.id ?? '' })).toEqual(listed[1])
      const { people } = await agent().call('getAppAccess', { app })
      expect(people.map(({ role }) => role)).toEqual(['manage', 'deploy'])
      expect(await agent().call('destroyCollaborator', { app, collaborator })).toMatchObject({
        user: { email: person },
      })
      expect(await agent().call('getServerAccess', {})).toMatchObject({ role: 'manage', managers: ['ann@laptop'] })
    })

    it('or may use the whole server', async () => {
      await agent().call('createPerson', {}, { user: person, role: 'view', public_key: makePublicKey('a laptop') })
      expect(await agent().call('updatePerson', { person }, { role: 'operate' })).toMatchObject({ role: 'operate' })
      const [, bob] = await agent().call('listPeople', {})
      expect(bob).toMatchObject({ email: person, granted_by: { email: 'ann@laptop' }, keys: [{ comment: 'a laptop' }] })
      const only = agent().call('destroyPersonKey', { person, key: bob?.keys[0]?.id ?? '' })
      await expect(only).rejects.toEqual(refused(422, 'only key'))
      expect(await agent().call('destroyPerson', { person })).toMatchObject({ keys: [], role: null })
    })

    it('has keys of their own', async () => {
      const added = await agent().call('createKey', {}, { public_key: `${makePublicKey('another laptop')}\n` })
      expect((await agent().call('listKeys', {})).map(({ email }) => email)).toEqual(['ann@laptop', 'another laptop'])
      expect(await agent().call('getKey', { key: added.fingerprint })).toEqual(added)
      expect(await agent().call('destroyKey', { key: added.id })).toEqual(added)
      await expect(agent().call('createKey', {}, { public_key: 'hello' })).rejects.toEqual(
        refused(422, 'public SSH key'),
      )
    })
  })
}
