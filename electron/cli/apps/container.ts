import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import type { PushedImage } from '../../../agent/contract/builds/pushed-image.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { inheritedEnvironment } from '../../config.ts'
import { findProgram } from '../../core/client/find-program.ts'
import type { SendProgress } from '../../core/deploy/deploy-send.ts'
import { pushImage } from '../../core/images/push-image.ts'
import { type CommandLine, startChild } from '../../exec/spawn.ts'
import { appOption, type Call, type Command } from '../command.ts'
import type { Place } from '../session.ts'
import { formatBytes } from '../table.ts'
import { answer, follow } from './deploy.ts'

const push: Command = {
  name: 'container push',
  parameters: '[TYPE]...',
  summary: "builds an image here, by docker or podman, and brings it to the app's server for a process type",
  options: {
    ...appOption,
    recursive: {
      type: 'boolean',
      short: 'R',
      summary: 'by Dockerfile.TYPE, here or in folders below; else by Dockerfile',
    },
    arg: { type: 'string', placeholder: 'NAME=VALUE,...', summary: 'values of ARG' },
    'context-path': {
      type: 'string',
      placeholder: 'FOLDER',
      summary: "what COPY reaches; else the Dockerfile's folder",
    },
    image: { type: 'string', placeholder: 'NAME', summary: 'instead of building: an image that docker or podman has' },
  },
  words: [0, 20],
  async run(call) {
    const session = await call.session()
    const place = await session.app(call.values)
    const architecture = await requireServer(place)
    const engine = await findEngine()
    const jobs = await listJobs(call)
    const pushed: PushedImage[] = []
    for (const { type, dockerfile } of jobs) {
      const image = call.values.text('image') ?? (await build(call, place, { engine, architecture, type, dockerfile }))
      pushed.push(await send(call, place, { engine, type, image }))
    }
    const types = pushed.map(({ process_type }) => process_type).join(' ')
    const next = `Release it with: hearth container:release ${types} --app ${place.app.name}`
    return {
      data: pushed,
      text: `${pushed.map(({ process_type, id }) => `${process_type}: ${id}\n`).join('')}${next}\n`,
    }
  },
}

const release: Command = {
  name: 'container release',
  parameters: 'TYPE...',
  summary: 'the images that were pushed last for these process types; the others keep theirs',
  options: appOption,
  words: [1, 20],
  async run(call) {
    const session = await call.session()
    const { agent, app, serverId } = await session.app(call.values)
    const known = await agent.call('listPushedImages', { app: app.id })
    const images = call.words.map((type) => {
      const image = known.find(({ process_type }) => process_type === type)
      if (image) return `${type}=${image.id}`
      throw new HearthError(
        'not_found',
        `No image was pushed to ${app.name} for ${type}. Push one: hearth container:push ${type} --app ${app.name}`,
      )
    })
    const openSource = async () => ({ url: `images:${images.join(',')}` })
    const ended = await follow(session, call, session.core.deploys.start({ serverId, app: app.name, openSource }).id)
    await session.syncLedger(agent)
    return answer(session, ended)
  },
}

interface Job {
  readonly type: string
  readonly dockerfile: string
}

/** As Heroku has it: one process type by `Dockerfile`, or several by a `Dockerfile.TYPE` each. */
async function listJobs({ words, values, directory }: Call): Promise<Job[]> {
  if (!values.has('recursive')) {
    const [type, ...others] = words
    if (type !== undefined && others.length === 0) return [{ type, dockerfile: path.join(directory, 'Dockerfile') }]
    throw new HearthError(
      'bad_request',
      'Say one process type, for instance: hearth container:push web. Several have a Dockerfile.TYPE each, and --recursive.',
    )
  }
  if (values.text('image') !== undefined)
    throw new HearthError(
      'bad_request',
      'Say one of --recursive and --image NAME: an image is pushed for one process type.',
    )
  const found = await findDockerfiles(directory)
  const missing = words.filter((word) => !found.some(({ type }) => type === word))
  if (missing.length > 0 || found.length === 0)
    throw new HearthError('not_found', `There is no Dockerfile.${missing[0] ?? 'TYPE'} in ${directory} or below.`)
  return found.filter(({ type }) => words.length === 0 || words.includes(type))
}

/** `Dockerfile.web`, the one nearest to the top for each process type. */
async function findDockerfiles(directory: string): Promise<Job[]> {
  const found = new Map<string, string>()
  const pending = [directory]
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const [, type] = /^Dockerfile\.([-\w]{1,128})$/.exec(entry.name) ?? []
      const file = path.join(folder, entry.name)
      if (entry.isDirectory() && !['.git', 'node_modules'].includes(entry.name)) pending.push(file)
      else if (type !== undefined && entry.isFile() && !found.has(type)) found.set(type, file)
    }
  }
  return [...found].map(([type, dockerfile]) => ({ type, dockerfile }))
}

async function findEngine(): Promise<string> {
  for (const name of ['docker', 'podman']) {
    const program = await findProgram(name, inheritedEnvironment())
    if (program !== null) return program
  }
  throw new HearthError(
    'unavailable',
    'There is neither docker nor podman on this computer. Install one, or let the server build: hearth deploy, on the stack container.',
  )
}

/** What images are made for, before one is made for nothing. */
async function requireServer({ agent }: Place): Promise<string> {
  const { runner, architecture } = await agent.call('getServer', {})
  if (runner !== 'process') return architecture
  throw new HearthError(
    'invalid_params',
    'Images are run by servers, and not by this computer. Add a server, and push to an app there.',
  )
}

/** The image's name. Made for the server's machine, whatever this computer is. */
async function build(
  { values, console, signal }: Call,
  { app }: Place,
  { engine, architecture, type, dockerfile }: Job & { engine: string; architecture: string },
): Promise<string> {
  const image = `hearth/${app.name}-${type.toLowerCase()}`
  const context = values.text('context-path') ?? path.dirname(dockerfile)
  const given = (values.text('arg') ?? '').split(',').filter((each) => each !== '')
  const platform = `linux/${architecture === 'arm64' ? 'arm64' : 'amd64'}`
  console.note(`Building ${type} by ${dockerfile}`)
  const command: CommandLine = [
    engine,
    'build',
    ...['--platform', platform, '--file', dockerfile, '--tag', image],
    ...given.flatMap((each) => ['--build-arg', each]),
    context,
  ]
  // What else an image's builder attests is no part of what runs, and older servers can't tell it from one that does.
  const environment = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' }
  const { child, exit } = await startChild(command, {
    environment,
    stdio: ['ignore', console.isJson ? 'ignore' : 'inherit', 'inherit'],
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const status = await exit
  signal.removeEventListener('abort', stop)
  if (status === 0) return image
  throw new HearthError(
    'build_failed',
    `${path.basename(engine)} could not build ${type} (status ${status}); see above.`,
  )
}

async function send(
  { console, signal }: Call,
  { agent, app }: Place,
  { engine, type, image }: { engine: string; type: string; image: string },
): Promise<PushedImage> {
  const { child, exit } = await startChild([engine, 'save', image], { stdio: ['ignore', 'pipe', 'inherit'] })
  // At once: what nobody reads when a program ends is thrown away, and a small image is saved before its folder is made.
  const archive = new PassThrough()
  // Not `pipe`: a program whose reader has given up would wait for it for ever, and who waits for its end with it.
  pipeline(child.stdout as Readable, archive, () => {})
  let progress: SendProgress | null = null
  const onProgress = (now: SendProgress) => {
    progress = now
  }
  try {
    const pushed = await pushImage({ agent, app: app.id, type, archive, onProgress, signal })
    console.note(`Pushed ${type}: ${describeSent(progress)}`)
    return pushed
  } catch (error) {
    // An image that is not there is told by the program itself.
    if ((await exit) === 0 || signal.aborted) throw error
    throw new HearthError('not_found', `${path.basename(engine)} could not save ${image}; see above.`, { cause: error })
  } finally {
    child.kill('SIGTERM')
  }
}

function describeSent(progress: SendProgress | null): string {
  if (progress === null || progress.files.total === 0) return 'the server had all of it'
  return `${progress.files.total} new parts, ${formatBytes(progress.bytes.sent)} sent`
}

export const containerCommands: readonly Command[] = [push, release]
