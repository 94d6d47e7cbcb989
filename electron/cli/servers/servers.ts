import type { Server as AgentServer } from '../../../agent/contract/server/server.ts'
import type { ServerView } from '../../core/servers/servers.ts'
import { type Command, serverOption } from '../command.ts'
import { formatBytes, renderRows, renderTable } from '../table.ts'

/** Waits for every server's first answer, good or bad. */
const servers: Command = {
  name: 'servers',
  summary: 'the servers that this desktop knows, and whether they answer',
  async run({ session: open }) {
    const session = await open()
    const { core } = session
    const known = core.servers.list()
    const found = await Promise.all(
      known.map(async ({ id }) => {
        await session.agent(id).catch(() => null)
        return core.servers.refresh(id)
      }),
    )
    const rows = found.map((server) => [server.name, addressOf(server), describe(server), describeAgent(server)])
    const table = renderTable(['server', 'address', 'state', 'agent'], rows, 'No servers.')
    return { data: found, text: [table, ...found.map(adviseServer)].join('') }
  },
}

const status: Command = {
  name: 'status',
  summary: 'a server: its system, memory, disk, builds and dynos',
  options: serverOption,
  async run({ values, session: open }) {
    const session = await open()
    const view = session.server(values.text('server'))
    const agent = await session.agent(view.id)
    const [server, figures] = await Promise.all([agent.call('getServer', {}), agent.call('getServerStatus', {})])
    const now = await session.core.servers.refresh(view.id)
    const { memory, disk, cpu, builds, requests } = figures
    const part = (free: number, total: number) => `${formatBytes(free)} of ${formatBytes(total)} free`
    const rows = [
      ['server', view.name],
      [
        'system',
        `${server.operating_system}, ${server.architecture}, ${cpu.cores} cores, load ${cpu.load_1m.toFixed(2)}`,
      ],
      ['agent', `${server.version}, ${server.sandbox}`],
      ['memory', part(memory.available_bytes, memory.total_bytes)],
      ['disk', `${part(disk.free_bytes, disk.total_bytes)}, ${formatBytes(disk.reserve_bytes)} kept free`],
      ['router', `${describeRouter(server)}, port ${server.router.port}, ${requests.total} requests`],
      ['builds', `${builds.running} running, ${builds.queued} waiting`],
      ['dynos', figures.dynos.map(({ app, name, state }) => `${app.name}/${name} ${state}`).join(', ') || 'none'],
    ]
    return { data: { server, status: figures }, text: renderRows(rows) + adviseServer(now) }
  },
}

const remove: Command = {
  name: 'remove',
  parameters: 'SERVER',
  summary: 'forgets a server here; the machine itself is left as it is (see uninstall)',
  words: [1, 1],
  async run({ words: [name], session: open }) {
    const session = await open()
    const server = session.server(name)
    await session.core.servers.remove(server.id)
    const text = `Forgot ${server.name}. Its apps go on running, and the ledger keeps their history.\n`
    return { data: { removed: server.id, name: server.name }, text }
  },
}

const restartRouter: Command = {
  name: 'restart-router',
  parameters: '[SERVER]',
  summary: 'starts the router that the last upgrade brought; requests wait a moment, none is refused',
  options: serverOption,
  words: [0, 1],
  async run({ words: [name], values, session: open }) {
    const session = await open()
    const { id, name: called } = session.server(name ?? values.text('server'))
    await session.agent(id)
    const server = await session.core.servers.restartRouter(id)
    const version = server.agent?.router.version
    return { data: server, text: `The router of ${called} serves again${version ? `, as ${version}` : ''}.\n` }
  },
}

/** What somebody should do about a server's programs, if anything; a line or none. */
export function adviseServer({ name, age, hasOldRouter, connection }: ServerView): string {
  const quoted = name.includes(' ') ? `"${name}"` : name
  if (connection.state === 'needs-system-ssh')
    return `${name}: this computer's ssh may reach it: hearth transport ${quoted} system\n`
  if (age === 'outdated') return `${name}: its agent can be upgraded, apps keep running: hearth install ${quoted}\n`
  if (hasOldRouter) return `${name}: its router is of before the upgrade: hearth restart-router ${quoted}\n`
  if (age === 'newer') return `${name}: its agent is newer than this Hearth; update Hearth on this computer.\n`
  return ''
}

function describeAgent({ agent, age, hasOldRouter }: ServerView): string {
  if (!agent) return '-'
  const notes = [age === 'current' ? null : age, hasOldRouter ? 'old router' : null].filter(Boolean)
  return notes.length === 0 ? agent.version : `${agent.version} (${notes.join(', ')})`
}

function describeRouter({ router }: AgentServer): string {
  return router.version ? `${router.state}, ${router.version}` : router.state
}

function addressOf({ kind, host, port, user, transport }: ServerView): string {
  if (kind === 'embedded') return 'here'
  return `${user}@${host}${port === 22 ? '' : `:${port}`}${transport === 'system' ? ' (system ssh)' : ''}`
}

function describe({ connection }: ServerView): string {
  return connection.state === 'online' ? 'online' : `${connection.state}: ${connection.reason ?? 'no answer yet'}`
}

export const serverCommands: readonly Command[] = [servers, status, remove, restartRouter]
