import { HearthError } from '../../agent/contract/errors.ts'
import { type Answer, type Command, serverOption } from './command.ts'
import type { Console } from './console.ts'
import type { Session } from './session.ts'
import { formatMoment, renderTable } from './table.ts'

const list: Command = {
  name: 'ledger',
  summary: 'every release of every app that this desktop ever saw, servers that are gone included',
  options: {
    search: { type: 'string', placeholder: 'TEXT', summary: 'in app, description, user and commit' },
    limit: { type: 'string', short: 'n', placeholder: 'N', summary: 'at most so many: 100' },
  },
  async run({ values, session: open }) {
    const { core } = await open()
    const limit = Number(values.text('limit') ?? 100)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new HearthError('bad_request', '--limit: a number from 1 to 1000 is meant.')
    const found = core.history.search({ search: values.text('search'), limit })
    const rows = found.map((entry) => [
      entry.serverName,
      entry.appName,
      `v${entry.version}`,
      entry.verified ? 'verified' : 'NOT VERIFIED',
      formatMoment(entry.createdAt),
      entry.user,
      entry.description,
    ])
    const header = ['server', 'app', 'release', 'signature', 'when (UTC)', 'by', 'what']
    return { data: found, text: renderTable(header, rows, 'The ledger has nothing like that.') }
  },
}

const verify: Command = {
  name: 'ledger verify',
  summary: 'asks the servers again and checks every link and signature; exit code 1 when something is wrong',
  options: serverOption,
  async run({ values, console, session: open }) {
    const session = await open()
    const checked = await syncAll(session, values.text('server'), console)
    return answerVerify(session, checked)
  },
}

async function syncAll(session: Session, name: string | undefined, console: Console): Promise<string[]> {
  const servers = name === undefined ? session.core.servers.list() : [session.server(name)]
  const synced: string[] = []
  for (const server of servers) {
    try {
      await session.syncLedger(await session.agent(server.id))
      synced.push(server.name)
    } catch (error) {
      if (name !== undefined || !(error instanceof HearthError)) throw error
      console.note(`Not asked: ${error.message}`)
    }
  }
  return synced
}

function answerVerify({ core }: Session, servers: readonly string[]): Answer {
  const releases = core.history.search({ limit: 100_000 })
  const unverified = releases.filter(({ verified }) => !verified)
  const findings = core.ledger.findings()
  const isSound = findings.length === 0 && unverified.length === 0
  const lines = [
    `${releases.length} releases in the ledger, ${releases.length - unverified.length} with a valid link and signature.`,
    `Compared with: ${servers.length === 0 ? 'no server' : servers.join(', ')}.`,
    ...findings.map(({ kind, message }) => `${kind.toUpperCase()}: ${message}`),
    isSound ? 'Nothing is missing, changed or forged.' : 'SOMETHING IS WRONG: see above.',
  ]
  const data = { sound: isSound, releases: releases.length, unverified: unverified.length, servers, findings }
  return { data, text: `${lines.join('\n')}\n`, exitCode: isSound ? 0 : 1 }
}

export const ledgerCommands: readonly Command[] = [list, verify]
