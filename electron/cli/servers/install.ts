import { HearthError } from '../../../agent/contract/errors.ts'
import type { InstallEvent } from '../../core/install/event.ts'
import type { Probe } from '../../core/servers/host-probe.ts'
import type { ServerView } from '../../core/servers/servers.ts'
import { type Answer, type Call, type Command, serverOption } from '../command.ts'
import type { Session } from '../session.ts'
import { formatBytes } from '../table.ts'
import { loginOptions, readLogin } from './login.ts'
import { adviseServer } from './servers.ts'
import { readTransport, transportOption, withTransportHint } from './transport.ts'

const add: Command = {
  name: 'add',
  parameters: '[USER@]HOST',
  summary: 'a server: shows its fingerprint, asks you to compare it, then installs Hearth there',
  options: {
    user: { type: 'string', placeholder: 'NAME', summary: 'who installs: root, or somebody with sudo' },
    port: { type: 'string', placeholder: 'N', summary: "sshd's port; 22 by default" },
    name: { type: 'string', placeholder: 'NAME', summary: 'what to call it; its host name by default' },
    ...transportOption,
    ...loginOptions,
    'accept-fingerprint': {
      type: 'string',
      placeholder: 'SHA256:...',
      summary: 'the fingerprint that the server must have; without it you are asked',
    },
    'no-install': { type: 'boolean', summary: 'only remembers it' },
  },
  words: [1, 1],
  async run(call) {
    const session = await call.session()
    const place = readPlace(call)
    const { fingerprint, transport } = await confirmFingerprint(session, call, place)
    const login = call.values.has('no-install') ? null : await readLogin(call, { transport, login: null })
    const server = await session.core.servers.add({ ...place, transport, fingerprint })
    if (login === null)
      return answerServer(server, `${server.name} is remembered. Install with: hearth install ${server.name}`)
    return install(session, call, server, login)
  },
}

const installCommand: Command = {
  name: 'install',
  parameters: '[SERVER]',
  summary: 'installs, repairs or upgrades Hearth on a server that was added; its apps keep running',
  options: { ...serverOption, ...loginOptions },
  words: [0, 1],
  async run(call) {
    const session = await call.session()
    const server = session.server(call.words[0] ?? call.values.text('server'))
    return install(session, call, server, await readLogin(call, server))
  },
}

const uninstall: Command = {
  name: 'uninstall',
  parameters: 'SERVER',
  summary: 'takes Hearth off a server and forgets nothing here; its apps stop',
  options: {
    ...loginOptions,
    'remove-data': { type: 'boolean', summary: 'apps, slugs, logs and keys too, for good' },
    confirm: { type: 'string', placeholder: 'SERVER', summary: "the server's name once more" },
  },
  words: [1, 1],
  async run(call) {
    const session = await call.session()
    const server = session.server(call.words[0])
    const question = `All apps on ${server.name} will stop. Type its name to go on: `
    const { console, values } = call
    const typed = values.text('confirm') ?? (console.isInteractive ? await console.ask(question) : undefined)
    if (typed !== server.name)
      throw new HearthError('confirmation_required', `Nothing was done: say --confirm "${server.name}" if you mean it.`)
    const removeData = values.has('remove-data')
    const login = await readLogin(call, server)
    await session.installer.uninstall({ serverId: server.id, ...login, removeData })
    return answerServer(
      server,
      `Hearth is off ${server.name}${removeData ? ', with all its data' : '; its data is still there'}.`,
    )
  },
}

interface NewServer {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
}

/** `root@192.0.2.7`, with --user and --port for those who prefer them. */
function readPlace({ words: [word = ''], values }: Call): NewServer {
  const at = word.lastIndexOf('@')
  const host = word.slice(at + 1)
  const port = Number(values.text('port') ?? 22)
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new HearthError(
      'bad_request',
      `"${word}" at port ${values.text('port') ?? 22} is no address. Say: hearth add root@HOST`,
    )
  const user = values.text('user') ?? (at > 0 ? word.slice(0, at) : 'root')
  return { host, port, user, name: values.text('name') ?? host }
}

/** Nothing secret is sent to a host before a human, or who speaks for one, has compared its key. */
async function confirmFingerprint({ core }: Session, { values, console }: Call, place: NewServer): Promise<Probe> {
  const { host, port } = place
  const probe = await core.servers.probe(place, readTransport(values))
  const { fingerprint, keyType, known, reason } = probe
  if (reason !== null) console.note(`Connecting with this computer's ssh. ${reason}`)
  const expected = values.text('accept-fingerprint')
  if (expected !== undefined) {
    if (expected === fingerprint) return probe
    throw new HearthError('forbidden', `${host} shows ${fingerprint}, not ${expected}. Nothing was sent.`)
  }
  console.note(`${host}:${port} shows its ${keyType} key:\n\n    ${fingerprint}\n`)
  if (known === 'changed') console.note('This is ANOTHER key than the one that was trusted here.')
  console.note("Compare it with the server's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
  const wayOut = `Compare it, then say: --accept-fingerprint ${fingerprint}`
  if (!console.isInteractive) throw new HearthError('confirmation_required', `${host} is not known yet. ${wayOut}`)
  if (/^y(es)?$/i.test(await console.ask('Is it the same? [y/N] '))) return probe
  throw new HearthError('confirmation_required', `${host} was not added.`)
}

async function install(
  session: Session,
  call: Call,
  server: ServerView,
  login: Awaited<ReturnType<typeof readLogin>>,
): Promise<Answer> {
  const { installer, core } = session
  try {
    for await (const event of installer.install({ serverId: server.id, ...login, signal: call.signal })) {
      const line = renderEvent(event)
      if (line !== null) await call.console.progress(line)
    }
  } catch (error) {
    throw withTransportHint(error, server.name)
  }
  core.servers.connect(server.id)
  core.servers.reconnect(server.id)
  await session.agent(server.id)
  const now = await core.servers.refresh(server.id)
  const router = now.hasOldRouter ? `\n${adviseServer(now).trimEnd()}` : ''
  return answerServer(now, `${server.name} is ready. Deploy to it: hearth deploy FOLDER${router}`)
}

const marks = { passed: 'ok', warning: '!!', failed: 'NO' } as const

/** A line of progress; null for what would only repeat itself. */
export function renderEvent(event: InstallEvent): string | null {
  switch (event.kind) {
    case 'check': {
      const { state, name, found, remedy } = event.check
      return `  ${marks[state]}  ${name}: ${found}${remedy === null ? '' : `\n      ${remedy}`}\n`
    }
    case 'step': {
      const seconds = event.durationMs === null ? '' : ` (${(event.durationMs / 1000).toFixed(1)} s)`
      const message = event.message === null ? '' : `: ${event.message}`
      if (event.state === 'running') return `----> ${event.step}\n`
      return `      ${event.state}${seconds}${message}\n`
    }
    case 'output':
      return event.text.replace(/^(?=.)/gm, '      ')
    case 'progress':
      return event.done === event.total ? `      ${formatBytes(event.total)} sent\n` : null
    case 'plan':
      return null
  }
}

function answerServer(server: ServerView, sentence: string): Answer {
  return { data: server, text: `${sentence}\n` }
}

export const installCommands: readonly Command[] = [add, installCommand, uninstall]
