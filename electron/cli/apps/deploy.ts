import path from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import { type DeploySource, type ImageSource, sourceOfCheckout } from '../../core/deploy/deploy-source.ts'
import type { Deploy } from '../../core/deploy/deploy-state.ts'
import { suggestName } from '../../core/folder/folder-preview.ts'
import type { Agent } from '../../core/ports/agent.ts'
import { type Answer, appOption, type Call, type Command } from '../command.ts'
import type { Session } from '../session.ts'
import { formatBytes } from '../table.ts'
import { urlOf } from './url.ts'

const deploy: Command = {
  name: 'deploy',
  parameters: '[FOLDER]',
  summary: 'a folder (this one by default): sends what changed, builds, releases, ends with the URL',
  options: {
    ...appOption,
    app: {
      type: 'string',
      short: 'a',
      placeholder: 'NAME',
      summary: "the app, made when it is new; else the folder's name",
    },
    repository: {
      type: 'string',
      short: 'r',
      placeholder: 'URL',
      summary: 'instead of a folder the newest commit of a git repository: https, ssh, file or a folder',
    },
    project: {
      type: 'string',
      placeholder: 'FOLDER',
      summary: 'the folder of it that is the app, kept as the config var PROJECT_PATH',
    },
    branch: { type: 'string', short: 'b', placeholder: 'NAME', summary: 'its branch; else its default branch' },
    image: {
      type: 'string',
      short: 'i',
      placeholder: 'NAME',
      summary: 'instead of a folder an image of a registry: registry.example/shop:1',
    },
  },
  words: [0, 1],
  async run(call) {
    const session = await call.session()
    const source = await openSource(session, call)
    const app = call.values.text('app') ?? suggestName(nameOf(source))
    const serverId = await chooseServer(session, call, app)
    const agent = await session.agent(serverId)
    session.warnIfTemporary()
    await setProject(agent, app, call.values.text('project'))
    const started = session.core.deploys.start({ serverId, app, openSource: async () => source })
    if ('path' in source && source.version === undefined)
      await session.core.lastFolders.note({ serverId, app, path: source.path })
    const ended = await follow(session, call, started.id)
    await session.syncLedger(agent)
    return answer(session, ended)
  },
}

/** Before the first build too, so the app may have to be made. */
async function setProject(agent: Agent, app: string, project: string | undefined): Promise<void> {
  if (project === undefined) return
  const find = agent.call('getApp', { app }).catch((error: unknown) => {
    if (error instanceof HearthError && error.id === 'not_found') return agent.call('createApp', {}, { name: app })
    throw error
  })
  const { id } = await find
  const { PROJECT_PATH: before } = await agent.call('getConfigVars', { app: id })
  if (before !== project) await agent.call('updateConfigVars', { app: id }, { PROJECT_PATH: project || null })
}

/** What the app is called that nobody names: its folder, or the last part of its image's name. */
function nameOf(source: DeploySource | ImageSource): string {
  return path.basename(
    'path' in source ? source.path : source.url.replace(/^docker:\/\//, '').replace(/[:@][^/]*$/, ''),
  )
}

/** The folder or the image that was named, or what git checked out of the repository that was named. */
async function openSource(
  { core }: Session,
  { values, words, directory, console, signal }: Call,
): Promise<DeploySource | ImageSource> {
  const image = values.text('image')
  if (image !== undefined) {
    if (words[0] === undefined && values.text('repository') === undefined) return { url: `docker://${image}` }
    throw new HearthError('bad_request', 'Say one of FOLDER, --repository URL and --image NAME.')
  }
  const [repository, branch] = [values.text('repository'), values.text('branch')]
  if (repository === undefined && branch !== undefined)
    throw new HearthError('bad_request', 'Say of which repository: --repository URL --branch NAME.')
  if (repository === undefined) return { path: path.resolve(directory, words[0] ?? '.') }
  if (words[0] !== undefined) throw new HearthError('bad_request', 'Say a FOLDER or --repository URL, not both.')
  // Everything with a colon is git's to read: an address, or another computer's folder.
  const location = repository.includes(':') ? repository : path.resolve(directory, repository)
  const checkout = await core.gitCheckouts.checkOut(location, branch, signal)
  console.note(`${checkout.branch} is at ${checkout.commit.slice(0, 10)}: ${checkout.subject}`)
  return sourceOfCheckout(checkout)
}

/** Where the app is already; a new one goes where the user says. */
async function chooseServer(session: Session, { values }: Call, app: string): Promise<string> {
  const server = values.text('server')
  if (server !== undefined) return session.server(server).id
  const place = await session.findApp(app)
  return place?.serverId ?? session.server(undefined).id
}

/** Shows a deploy to its end; Ctrl-C cancels it. */
export async function follow({ core }: Session, { console, signal }: Call, id: string): Promise<Deploy> {
  const cancel = () => void core.deploys.cancel(id).catch((error: Error) => console.note(error.message))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    // Not ended by the signal: a build that is cancelled has last words.
    for await (const bytes of core.deploys.output(id, new AbortController().signal)) await console.progress(bytes)
    return await core.deploys.finished(id)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** What came of it; throws what it failed by. */
export async function answer(session: Session, ended: Deploy): Promise<Answer> {
  if (ended.state === 'cancelled') throw new HearthError('gone', `The deploy of ${ended.appName} was cancelled.`)
  if (ended.state !== 'succeeded' || !ended.release) {
    const isBuild = ended.stage === 'build' || ended.stage === 'queue'
    throw new HearthError(isBuild ? 'build_failed' : 'conflict', ended.error ?? 'The deploy failed.')
  }
  const app = await session.core.servers.agent(ended.serverId).call('getApp', { app: ended.appId })
  const url = await urlOf(session, { app })
  const seconds = Object.values(ended.stageMs).reduce((sum, ms) => sum + (ms ?? 0), 0) / 1000
  const sent = `${ended.files.total} new or changed files, ${formatBytes(ended.bytes.sent)} sent`
  const sentence = `Released v${ended.release.version} of ${app.name} in ${seconds.toFixed(1)} s (${sent}).`
  const where = url ?? `Open it with: hearth open ${app.name}`
  return { data: { ...ended, url }, text: `${sentence}\n${where}\n` }
}

export const deployCommands: readonly Command[] = [deploy]
