import type { DynoSettings } from '../../../agent/contract/dynos/dyno-settings.ts'
import type { Formation } from '../../../agent/contract/dynos/formation.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { pairWithStatuses } from '../../core/dyno-entries.ts'
import { scalable } from '../../core/scalable.ts'
import { type Answer, appOption, type Command } from '../command.ts'
import { formatBytes, formatMoment, renderTable } from '../table.ts'

const ps: Command = {
  name: 'ps',
  summary: 'the dynos of an app: what runs, since when, with how much memory',
  options: appOption,
  async run({ values, session: open }) {
    const session = await open()
    const { agent, app } = await session.app(values)
    session.warnIfTemporary()
    const [dynos, statuses] = await Promise.all([
      agent.call('listDynos', { app: app.id }),
      agent.call('listDynoStatuses', { app: app.id }),
    ])
    const found = pairWithStatuses(dynos, statuses)
    const rows = found.map(({ dyno, status }) => [
      dyno.name,
      dyno.state,
      dyno.size,
      `v${dyno.release.version}`,
      status?.memory_bytes == null ? '-' : formatBytes(status.memory_bytes),
      formatMoment(dyno.updated_at),
      status?.reason ?? dyno.command,
    ])
    const header = ['dyno', 'state', 'size', 'release', 'memory', 'since (UTC)', '']
    return { data: found, text: renderTable(header, rows, `Nothing of ${app.name} runs.`) }
  },
}

const scale: Command = {
  name: 'scale',
  parameters: '[TYPE=QUANTITY[:SIZE]]...',
  summary: 'how many dynos of which size: web=3:large worker=+1 (nothing: shows it)',
  options: appOption,
  words: [0, 20],
  async run({ words, values, session: open }) {
    const updates = words.map(readScale)
    const session = await open()
    const { agent, app } = await session.app(values)
    if (updates.length === 0) return answerFormation(await agent.call('listFormation', { app: app.id }))
    session.warnIfTemporary()
    return answerFormation(await agent.call('updateFormation', { app: app.id }, { updates }))
  },
}

export interface ScaleUpdate {
  type: string
  quantity?: string
  size?: string
}

/** `web=3`, `web=+1`, `web=3:large`, `web=:large`. */
export function readScale(text: string): ScaleUpdate {
  const match = /^([-\w]+)=([+-]?\d{1,3})?(?::([\w-]+))?$/.exec(text)
  const [, type, quantity, size] = match ?? []
  if (type !== undefined && (quantity !== undefined || size !== undefined)) {
    return { type, ...(quantity === undefined ? {} : { quantity }), ...(size === undefined ? {} : { size }) }
  }
  throw new HearthError('bad_request', `"${text}" says no number of dynos. Say for example: hearth scale web=3:large`)
}

function answerFormation(all: readonly Formation[]): Answer {
  const formation = scalable(all)
  const rows = formation.map(({ type, quantity, size, command }) => [type, String(quantity), size, command])
  const empty = 'Nothing to scale before the first deploy.'
  return { data: formation, text: renderTable(['type', 'dynos', 'size', 'command'], rows, empty) }
}

const restart: Command = {
  name: 'restart',
  parameters: '[TYPE|DYNO]',
  summary: 'all dynos of an app, of a process type (web), or one (web.1)',
  options: appOption,
  words: [0, 1],
  async run({ words: [what], values, session: open }) {
    const session = await open()
    const { agent, app } = await session.app(values)
    session.warnIfTemporary()
    if (what === undefined) await agent.call('restartAllDynos', { app: app.id })
    else if (what.includes('.')) await agent.call('restartDyno', { app: app.id, dyno: what })
    else await agent.call('restartFormationType', { app: app.id, type: what })
    return {
      data: { app: app.name, restarted: what ?? null },
      text: `Restarting ${what ?? 'all dynos'} of ${app.name}.\n`,
    }
  },
}

const stop: Command = {
  name: 'stop',
  parameters: 'DYNO',
  summary: 'one dyno; one of the formation is started anew',
  options: appOption,
  words: [1, 1],
  async run({ words: [dyno = ''], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    await agent.call('stopDyno', { app: app.id, dyno })
    return { data: { app: app.name, stopped: dyno }, text: `Stopping ${dyno} of ${app.name}.\n` }
  },
}

const settings: Command = {
  name: 'dyno settings',
  summary: 'how the dynos of an app are looked after; with an option, from now on so',
  options: {
    ...appOption,
    preboot: { type: 'string', placeholder: 'on|off', summary: 'new dynos are up before the old ones stop' },
    sleep: { type: 'string', placeholder: 'off|MINUTES', summary: 'stop them when nobody asked for so long' },
    podman: { type: 'string', placeholder: 'on|off', summary: 'run them in containers; replaces those that run' },
  },
  async run({ values, session: open }) {
    const update = {
      ...readSwitch('preboot', values.text('preboot')),
      ...readSleep(values.text('sleep')),
      ...readSwitch('podman', values.text('podman')),
    }
    const { agent, app } = await (await open()).app(values)
    const isChange = Object.keys(update).length > 0
    const found = isChange
      ? await agent.call('updateDynoSettings', { app: app.id }, update)
      : await agent.call('getDynoSettings', { app: app.id })
    return { data: found, text: describeSettings(app.name, found) }
  },
}

export function describeSettings(app: string, { preboot, sleep_after_seconds: seconds, podman }: DynoSettings): string {
  const order = preboot ? 'new ones are up before old ones stop' : 'old ones stop before new ones start'
  const minutes = Math.round((seconds ?? 0) / 6) / 10
  const sleep = seconds === null ? 'never sleeps' : `sleeps after ${minutes} minutes without a request`
  const place = podman ? 'Its dynos run in containers of podman.\n' : ''
  return `When dynos of ${app} are replaced, ${order}.\n${app} ${sleep}.\n${place}`
}

function readSwitch(name: 'preboot' | 'podman', text: string | undefined): { preboot?: boolean; podman?: boolean } {
  if (text === undefined) return {}
  if (text === 'on' || text === 'off') return { [name]: text === 'on' }
  throw new HearthError('bad_request', `--${name} is on or off, not ${text}.`)
}

export function readSleep(text: string | undefined): { sleep_after_seconds?: number | null } {
  if (text === undefined) return {}
  if (text === 'off') return { sleep_after_seconds: null }
  if (/^\d{1,6}(\.\d+)?$/.test(text) && Number(text) > 0) return { sleep_after_seconds: Math.round(Number(text) * 60) }
  throw new HearthError('bad_request', `--sleep is off or a number of minutes, not ${text}.`)
}

export const dynoCommands: readonly Command[] = [ps, scale, restart, stop, settings]
