import { expect, test } from 'vitest'
import { HearthError } from '../../../agent/contract/errors.ts'
import { answerAccess } from '../../../electron/bridge/topics/access.ts'
import type { Agent } from '../../../electron/core/ports/agent.ts'
import { makePublicKey } from '../../agent/access/public-keys.ts'

/** An agent that notes what it is asked. */
function openAccess(answers: Record<string, () => unknown> = {}) {
  const asked: unknown[][] = []
  const call = async (...parameters: unknown[]) => {
    asked.push(parameters)
    return answers[String(parameters[0])]?.()
  }
  const access = answerAccess({ names: () => [], agent: () => ({ call }) as unknown as Agent })
  return { access, asked }
}
const serverId = 'atlas'
const key = makePublicKey('bob@laptop')

test('a place is an app, or without one the whole server', async () => {
  const { access, asked } = openAccess()
  await access['access.grant']({ serverId, app: 'shop', user: 'bob@example.com', role: 'view', publicKey: `${key}\n` })
  await access['access.grant']({ serverId, user: 'bob@example.com', role: 'view' })
  await access['access.setRole']({ serverId, app: 'shop', person: 'p1', role: 'deploy' })
  await access['access.setRole']({ serverId, person: 'p1', role: null })
  await access['access.remove']({ serverId, app: 'shop', person: 'p1' })
  await access['access.remove']({ serverId, person: 'p1' })
  expect(asked).toEqual([
    ['createCollaborator', { app: 'shop' }, { user: 'bob@example.com', role: 'view', public_key: key }],
    ['createPerson', {}, { user: 'bob@example.com', role: 'view' }],
    ['updateCollaborator', { app: 'shop', collaborator: 'p1' }, { role: 'deploy' }],
    ['updatePerson', { person: 'p1' }, { role: null }],
    ['destroyCollaborator', { app: 'shop', collaborator: 'p1' }],
    ['destroyPerson', { person: 'p1' }],
  ])
})

test('a private key goes nowhere', async () => {
  const { access, asked } = openAccess()
  const publicKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----'
  const grant = async () => access['access.grant']({ serverId, user: 'bob@example.com', role: 'view', publicKey })
  await expect(grant()).rejects.toThrow('private key')
  await expect((async () => access['ownKeys.add']({ serverId, publicKey }))()).rejects.toThrow('private key')
  expect(asked).toEqual([])
})

test('an agent from before there were roles lets its desktop do everything; another failure is one', async () => {
  const missing = () => {
    throw new HearthError('not_found', 'GET /server/access: there is nothing.')
  }
  const { access } = openAccess({
    getServerAccess: missing,
    getAccount: () => ({ id: 'a1', email: 'ann@laptop' }),
    listApps: () => [{ id: 'a', name: 'shop' }],
  })
  expect(await access['access.own']({ serverId })).toMatchObject({
    role: 'manage',
    apps: [{ app: { name: 'shop' }, role: 'manage' }],
  })
  const away = openAccess({
    getServerAccess: () => {
      throw new HearthError('unavailable', 'atlas is not connected.')
    },
  })
  await expect((async () => away.access['access.own']({ serverId }))()).rejects.toThrow('not connected')
})
