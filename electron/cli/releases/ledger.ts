import { HearthError } from '../../../agent/contract/errors.ts'
import { exportLedger } from '../../core/ledger/ledger-export.ts'
import type { ReleaseHistory } from '../../core/ledger/release-history.ts'
import { type Answer, appOption, type Command, serverOption, type Values } from '../command.ts'
import type { Console } from '../console.ts'
import type { Session } from '../session.ts'
import { formatMoment, renderTable } from '../table.ts'
import { readVersion } from './releases.ts'

const list: Command = {
  name: 'ledger',
  summary: 'every release of every app that this desktop ever saw, servers that are gone included',
  options: {
    search: { type: 'string', placeholder: 'TEXT', summary: 'in app, description, user, commit and notes' },
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
      [entry.description, ...entry.notes.map(({ text }) => `(${text.replace(/\s+/g, ' ')})`)].join(' '),
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

const exportAll: Command = {
  name: 'ledger export',
  summary: 'the ledger as a JSON document or a CSV table on standard output, with notes, without config vars',
  options: {
    format: { type: 'string', placeholder: 'json|csv', summary: 'json unless said otherwise' },
    search: { type: 'string', placeholder: 'TEXT', summary: 'only what matches, as in: hearth ledger --search' },
    proofs: {
      type: 'boolean',
      summary:
        'JSON with the digests and salts of config vars, so that others can check each hash; short values can be guessed',
    },
  },
  async run({ values, console, session: open }) {
    const format = values.text('format') ?? 'json'
    if (format !== 'json' && format !== 'csv')
      throw new HearthError('bad_request', `--format: json or csv is meant, not "${format}".`)
    const { core } = await open()
    const query = { search: values.text('search') }
    const { text } = exportLedger(core.ledger, { format, query, now: new Date(), withProofs: values.has('proofs') })
    await console.write(text)
    return undefined
  },
}

const note: Command = {
  name: 'ledger note',
  parameters: 'vN TEXT',
  summary: 'writes about a release, on this computer only; a note can be added but not changed',
  options: appOption,
  words: [2, 2],
  async run({ words: [version = '', text = ''], values, session: open }) {
    const { core } = await open()
    const release = findRelease(core.history, readVersion(version), values)
    core.history.addNote({ ...release, text })
    const said = `${release.appName} v${release.version}`
    return { data: { app: release.appName, version: release.version, text }, text: `Noted with ${said}.\n` }
  },
}

/** From the ledger alone, so that servers may be away. */
function findRelease(history: ReleaseHistory, version: number, values: Values) {
  const app = values.text('app')
  const server = values.text('server')
  if (app === undefined) throw new HearthError('bad_request', 'Which app? Say --app.')
  const found = history
    .search({ app, limit: 100_000 })
    .filter((entry) => entry.version === version && (server === undefined || entry.serverName === server))
  const [release, other] = found
  if (!release) throw new HearthError('not_found', `The ledger has no v${version} of ${app}. See: hearth ledger`)
  if (!other) return release
  const servers = found.map(({ serverName }) => serverName).join(', ')
  throw new HearthError('bad_request', `Several apps ${app} have a v${version}, on: ${servers}. Say --server.`)
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

export const ledgerCommands: readonly Command[] = [list, verify, exportAll, note]
