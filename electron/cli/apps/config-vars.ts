import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Release } from '../../../agent/contract/releases/release.ts'
import { type Answer, appOption, type Call, type Command } from '../command.ts'
import { settleRelease } from '../releases/releases.ts'
import type { Place, Session } from '../session.ts'
import { renderRows } from '../table.ts'

const list: Command = {
  name: 'config',
  summary: 'the config vars of an app with their values',
  options: appOption,
  async run({ values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const vars = await agent.call('getConfigVars', { app: app.id })
    const rows = Object.entries(vars).sort(([a], [b]) => (a < b ? -1 : 1))
    return { data: vars, text: rows.length === 0 ? `${app.name} has no config vars.\n` : renderRows(rows) }
  },
}

const get: Command = {
  name: 'config get',
  parameters: 'NAME',
  summary: 'the value of one config var and nothing else',
  options: appOption,
  words: [1, 1],
  async run({ words: [name = ''], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const value = (await agent.call('getConfigVars', { app: app.id }))[name]
    if (value === undefined) throw new HearthError('not_found', `${app.name} has no config var ${name}.`)
    return { data: value, text: `${value}\n` }
  },
}

const set: Command = {
  name: 'config set',
  parameters: '[NAME=VALUE]...',
  summary: 'config vars; makes a release',
  options: {
    ...appOption,
    file: {
      type: 'string',
      placeholder: '.env',
      summary: 'reads them from a file; - is standard input, which no list of processes shows',
    },
  },
  words: [0, 500],
  async run(call) {
    const update = { ...(await readFileOption(call)), ...Object.fromEntries(call.words.map(readAssignment)) }
    if (Object.keys(update).length === 0)
      throw new HearthError('bad_request', 'Say which: hearth config set NAME=VALUE')
    return change(call, update)
  },
}

const unset: Command = {
  name: 'config unset',
  parameters: 'NAME...',
  summary: 'removes config vars; makes a release',
  options: appOption,
  words: [1, 500],
  run: (call) => change(call, Object.fromEntries(call.words.map((name) => [name, null]))),
}

async function change(call: Call, update: Record<string, string | null>): Promise<Answer> {
  const session = await call.session()
  const place = await session.app(call.values)
  session.warnIfTemporary()
  const vars = await place.agent.call('updateConfigVars', { app: place.app.id }, update)
  const release = await settleNewest(session, place, call.signal)
  const names = Object.keys(update).join(', ')
  const outcome = release === null ? 'nothing changed' : `v${release.version}`
  return { data: { configVars: vars, release }, text: `${names} of ${place.app.name}: ${outcome}.\n` }
}

/** The release that a change has made, when it made one. */
async function settleNewest(session: Session, { agent, app }: Place, signal: AbortSignal): Promise<Release | null> {
  const releases = await agent.call('listReleases', { app: app.id })
  const newest = releases.reduce<Release | null>((a, b) => (a === null || b.version > a.version ? b : a), null)
  if (newest === null) return null
  const settled = await settleRelease(agent, app.id, newest, signal)
  await session.syncLedger(agent)
  return settled
}

/** The value is never repeated in an error: it is a secret as likely as not. */
function readAssignment(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  const name = /^\w*$/.test(text) ? text : 'a word without ='
  throw new HearthError(
    'bad_request',
    `${name || 'An empty name'} has no value. Say for example: hearth config set NAME=VALUE`,
  )
}

async function readFileOption({ values, console, directory }: Call): Promise<Record<string, string>> {
  const file = values.text('file')
  if (file === undefined) return {}
  const text =
    file === '-'
      ? await console.readAll()
      : await readFile(path.resolve(directory, file), 'utf8').catch((cause) => {
          throw new HearthError('bad_request', `${file} can not be read: ${cause.code}.`, { cause })
        })
  return parseEnv(text) as Record<string, string>
}

export const configVarCommands: readonly Command[] = [list, get, set, unset]
