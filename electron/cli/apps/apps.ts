import type { App } from '../../../agent/contract/apps/app.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { AppSummary } from '../../core/app-list.ts'
import type { Answer, Call, Command } from '../command.ts'
import { appOption, serverOption } from '../command.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import { urlOf } from './url.ts'

/** Summaries of a server's apps, or of all servers'; one that is away is said and left out. */
async function listApps(session: Session, call: Call): Promise<AppSummary[]> {
  const name = call.values.text('server')
  const servers = name === undefined ? session.core.servers.list() : [session.server(name)]
  const lists = await Promise.all(
    servers.map(async ({ id }) => {
      try {
        await session.agent(id)
      } catch (error) {
        if (name !== undefined || !(error instanceof HearthError)) throw error
        call.console.note(`Not looked at: ${error.message}`)
        return []
      }
      const summaries = await session.core.apps.list(id)
      return Promise.all(
        summaries.map(async (summary) => ({
          ...summary,
          url: summary.release?.slug ? await urlOf(session, summary) : null,
        })),
      )
    }),
  )
  return lists.flat()
}

const apps: Command = {
  name: 'apps',
  summary: 'the apps of all servers, or of one',
  options: serverOption,
  async run(call) {
    const session = await call.session()
    const summaries = await listApps(session, call)
    const rows = summaries.map(({ serverId, app, release, dynos, url }) => [
      app.name,
      session.core.servers.get(serverId).name,
      release === null ? '-' : `v${release.version}`,
      `${dynos.up}/${dynos.wanted}`,
      url ?? '-',
    ])
    const text = renderTable(['app', 'server', 'release', 'dynos', 'url'], rows, 'No apps yet. Make one: hearth deploy')
    return { data: summaries, text }
  },
}

const create: Command = {
  name: 'create',
  parameters: '[NAME]',
  summary: 'a new app; without a name it gets one',
  options: serverOption,
  words: [0, 1],
  async run({ words: [name], values, session: open }) {
    const session = await open()
    const server = session.server(values.text('server'))
    const agent = await session.agent(server.id)
    const app = await agent.call('createApp', {}, name === undefined ? {} : { name })
    await session.syncLedger(agent)
    return answerApp(app, `Created ${app.name} on ${server.name}.`)
  },
}

const destroy: Command = {
  name: 'destroy',
  parameters: 'NAME --confirm NAME',
  summary: 'an app with all that it holds, for good',
  options: {
    ...serverOption,
    confirm: { type: 'string', placeholder: 'NAME', summary: "the app's name once more" },
  },
  words: [1, 1],
  async run({ words: [name], values, console, session: open }) {
    const session = await open()
    const { agent, app, serverId } = await session.app(values, name)
    const server = session.core.servers.get(serverId).name
    const question = `Everything of ${app.name} on ${server} will be gone. Type its name to go on: `
    const typed = values.text('confirm') ?? (console.isInteractive ? await console.ask(question) : undefined)
    if (typed !== app.name) {
      throw new HearthError(
        'confirmation_required',
        `${app.name} was not destroyed: say --confirm ${app.name} if you mean it.`,
      )
    }
    await session.syncLedger(agent)
    await agent.call('destroyApp', { app: app.id })
    return answerApp(app, `Destroyed ${app.name}. The ledger keeps its history.`)
  },
}

const rename: Command = {
  name: 'rename',
  parameters: 'NEW-NAME',
  summary: 'another name for an app, and with it another address',
  options: appOption,
  words: [1, 1],
  async run({ words: [to = ''], values, session: open }) {
    const session = await open()
    const { agent, app } = await session.app(values)
    const renamed = await agent.call('updateApp', { app: app.id }, { name: to })
    await session.syncLedger(agent)
    return answerApp(renamed, `${app.name} is ${renamed.name} now.`)
  },
}

function answerApp(app: App, sentence: string): Answer {
  return { data: app, text: `${sentence}\n` }
}

const stack: Command = {
  name: 'stack',
  parameters: '[NAME]',
  summary: 'what an app is built and run on; with a name the one that its next builds are on',
  options: appOption,
  words: [0, 1],
  async run({ words: [name], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const changed = name === undefined ? app : await agent.call('updateApp', { app: app.id }, { build_stack: name })
    const { stack: runs, build_stack: next } = changed
    const stacks = await agent.call('listStacks', {})
    const rows = stacks.map((one) => [
      one.name,
      [runs.name === one.name && 'runs', next.name === one.name && 'next builds'].filter(Boolean).join(', '),
    ])
    return {
      data: { stack: runs.name, build_stack: next.name, stacks },
      text: renderTable(['stack', 'of this app'], rows, ''),
    }
  },
}

export const appCommands: readonly Command[] = [apps, create, rename, stack, destroy]
