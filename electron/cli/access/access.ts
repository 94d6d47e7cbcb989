import { resolve } from 'node:path'
import type { PersonKey } from '../../../agent/contract/access/person.ts'
import { type Role, role as roleSchema, roles } from '../../../agent/contract/access/role.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { readPublicKeyFile } from '../../core/access/public-key.ts'
import type { Answer, Command } from '../command.ts'
import { renderTable } from '../table.ts'
import { type AccessPlace, findPlace, placeOptions } from './place.ts'

const list: Command = {
  name: 'access',
  summary: 'who may use an app or a server, by which role and keys',
  options: placeOptions,
  run: async (call) => listPlace(await findPlace(call)),
}

const add: Command = {
  name: 'access add',
  parameters: 'EMAIL [--key FILE.pub]',
  summary: 'lets somebody in, with the role operate when none is named',
  options: {
    ...placeOptions,
    key: {
      type: 'string',
      short: 'k',
      placeholder: 'FILE',
      summary: "their public key, for whom the server doesn't know",
    },
    role: { type: 'string', short: 'r', placeholder: 'ROLE', summary: roles.join(', ') },
  },
  words: [1, 1],
  async run(call) {
    const [user = ''] = call.words
    const key = call.values.text('key')
    const role = readRole(call.values.text('role') ?? 'operate')
    const given = {
      user,
      role,
      ...(key === undefined ? {} : { public_key: await readPublicKeyFile(resolve(call.directory, key)) }),
    }
    const { agent, app, name } = await findPlace(call)
    const data = app
      ? await agent.call('createCollaborator', { app: app.id }, given)
      : await agent.call('createPerson', {}, given)
    return { data, text: `${user} has the role ${role} on ${name}.\n` }
  },
}

const change: Command = {
  name: 'access role',
  parameters: 'EMAIL ROLE',
  summary: `changes somebody's role: ${roles.join(', ')}`,
  options: placeOptions,
  words: [2, 2],
  async run(call) {
    const [person = '', wanted = ''] = call.words
    const role = readRole(wanted)
    const { agent, app, name } = await findPlace(call)
    const data = app
      ? await agent.call('updateCollaborator', { app: app.id, collaborator: person }, { role })
      : await agent.call('updatePerson', { person }, { role })
    return { data, text: `${person} has the role ${role} on ${name}.\n` }
  },
}

const remove: Command = {
  name: 'access remove',
  parameters: 'EMAIL',
  summary: 'takes a role on an app away; with --everywhere the person, with all keys and roles',
  options: placeOptions,
  words: [1, 1],
  async run(call) {
    const [person = ''] = call.words
    const { agent, app, name } = await findPlace(call)
    const data = app
      ? await agent.call('destroyCollaborator', { app: app.id, collaborator: person })
      : await agent.call('destroyPerson', { person })
    return { data, text: `${person} is out of ${name}: what was open by their keys has ended.\n` }
  },
}

function readRole(text: string): Role {
  const parsed = roleSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new HearthError('bad_request', `There is no role ${text}. There are: ${roles.join(', ')}.`)
}

async function listPlace({ agent, app, name }: AccessPlace): Promise<Answer> {
  if (!app) {
    const people = await agent.call('listPeople', {})
    const rows = people.map(({ email, role, keys, apps }) => {
      const onApps = apps.map((one) => `${one.app.name} ${one.role}`).join(', ')
      return [email, role ?? '-', onApps || '-', describeKeys(keys)]
    })
    return { data: people, text: renderTable(['person', 'everywhere', 'on apps', 'keys'], rows, nobody(name)) }
  }
  const access = await agent.call('getAppAccess', { app: app.id })
  const rows = access.people.map(({ user, role, app_role: own, keys }) => {
    return [user.email, role, own === role ? 'this app' : 'the server', describeKeys(keys)]
  })
  const table = renderTable(['person', 'role', 'on', 'keys'], rows, nobody(name))
  return { data: access, text: `${table}You have the role ${access.role}.\n` }
}

const nobody = (name: string) => `Nobody but whoever is logged in here uses ${name}.`

function describeKeys(keys: readonly PersonKey[]): string {
  if (keys.length === 0) return 'none: root took them out'
  return keys.map(({ fingerprint, comment }) => `${fingerprint}${comment ? ` (${comment})` : ''}`).join(', ')
}

export const accessCommands: readonly Command[] = [list, add, change, remove]
