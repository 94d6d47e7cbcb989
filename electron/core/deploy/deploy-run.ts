import { setTimeout as sleep } from 'node:timers/promises'
import type { Build } from '../../../agent/contract/builds/build.ts'
import { appName } from '../../../agent/contract/common.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Release } from '../../../agent/contract/releases/release.ts'
import type { Change, Changes } from '../changes.ts'
import { adviseOn, lastWords, readLastLines } from '../deploy-words.ts'
import type { FolderHashes } from '../folder/folder-hash.ts'
import { walkFolder } from '../folder/folder-walk.ts'
import type { ConnectedServers } from '../ports/connected-servers.ts'
import { DeployLink } from './deploy-link.ts'
import { DeployNote } from './deploy-note.ts'
import { DeployOutput } from './deploy-output.ts'
import { sendSource } from './deploy-send.ts'
import type { DeploySource, ImageSource } from './deploy-source.ts'
import type { Deploy, DeployProgress, DeployStage } from './deploy-state.ts'
import type { UnfinishedDeploy, UnfinishedDeploys } from './unfinished-deploys.ts'
import { findWantedStack } from './wanted-stack.ts'

export interface DeployParts {
  readonly servers: ConnectedServers
  readonly changes: Changes
  readonly hashes: FolderHashes
  /** Where the app answers on this computer; null when it has no URL. */
  readonly urlOf: (serverId: string, app: string) => string | null
  readonly onError: (message: string, error: unknown) => void
  readonly timings?: Partial<DeployTimings>
  /** Remembers what runs for the desktop after this one; without, a deploy is forgotten when the desktop ends. */
  readonly unfinished?: UnfinishedDeploys
}

/** A deploy's beginning: a folder, or what was noted of a deploy whose desktop has ended in its middle. */
export type DeployStart =
  | { readonly kind: 'folder'; readonly openSource: () => Promise<DeploySource | ImageSource> }
  | { readonly kind: 'found'; readonly found: UnfinishedDeploy }

export interface DeployTimings {
  /** How long a lost connection may take to come back. */
  readonly reconnectMs: number
  readonly pollMs: number
  /** From a cancelled build to its last words. */
  readonly lastWordsMs: number
}

const notSent =
  'Hearth ended before everything was sent, so the server has begun nothing. Deploy again: what was sent is not sent twice.'
const notBegun = 'Hearth ended before the server had begun the build. Deploy again: nothing has to be sent twice.'

const defaults: DeployTimings = { reconnectMs: 120_000, pollMs: 250, lastWordsMs: 3_000 }

/** One deploy: scan -> send -> queue -> build -> release -> done. The server finishes what it has begun without us. */
export class DeployRun {
  readonly output = new DeployOutput()
  readonly finished: Promise<void>
  readonly #parts: DeployParts
  readonly #progress: DeployProgress
  readonly #timings: DeployTimings
  readonly #abort = new AbortController()
  readonly #link: DeployLink
  #app = ''
  readonly #note: DeployNote
  #build: Build | undefined
  #failedStep: string | null = null
  #isCancelled = false

  constructor(parts: DeployParts, progress: DeployProgress, start: DeployStart) {
    this.#parts = parts
    this.#progress = progress
    this.#timings = { ...defaults, ...parts.timings }
    this.#note = new DeployNote({ progress, unfinished: parts.unfinished, onError: parts.onError })
    this.#link = new DeployLink({
      agent: () => parts.servers.agent(progress.deploy.serverId),
      signal: this.#abort.signal,
      reconnectMs: this.#timings.reconnectMs,
      pollMs: this.#timings.pollMs,
    })
    this.finished = this.#run(start)
  }

  get deploy(): Deploy {
    return this.#progress.deploy
  }

  /** Before the build: at once. During it: the server ends it. A release that is under way is not torn apart. */
  async cancel(): Promise<void> {
    if (this.deploy.state !== 'running') throw new HearthError('conflict', 'This deploy has already ended.')
    if (this.deploy.stage === 'release')
      throw new HearthError(
        'conflict',
        'The new release is being started and can no longer be cancelled. Roll back when it is done.',
      )
    if (this.#build) {
      const agent = this.#parts.servers.agent(this.deploy.serverId)
      await agent.call('cancelBuild', { app: this.#app, build: this.#build.id })
      this.#isCancelled = true
      void sleep(this.#timings.lastWordsMs, undefined, { ref: false }).then(() => this.#abort.abort())
    } else if (this.#note.source !== null) {
      throw new HearthError('conflict', 'The server is just being asked for the build. Cancel it in a moment.')
    } else {
      this.#isCancelled = true
      this.#abort.abort()
    }
    await this.finished
  }

  /** The desktop closes: stops following, and sending. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.finished
  }

  async #run(start: DeployStart): Promise<void> {
    const unsubscribe = this.#parts.changes.subscribe((change) => this.#follow(change))
    try {
      this.#build = start.kind === 'folder' ? await this.#begin(start.openSource) : await this.#findBuild(start.found)
      this.#note.build = this.#build.id
      void this.#note.write()
      await this.#readBuild(this.#build)
      const build = await this.#settledBuild(this.#build)
      const release = await this.#settledRelease(build)
      const { serverId, appName } = this.deploy
      this.#progress.end('succeeded', { release, url: this.#parts.urlOf(serverId, appName) })
    } catch (error) {
      this.#fail(error)
    } finally {
      unsubscribe()
      this.output.end()
      const goesOn = this.#abort.signal.aborted && !this.#isCancelled && this.#note.source !== null
      await (goesOn ? this.#note.leave() : this.#note.forget())
    }
  }

  async #begin(openSource: () => Promise<DeploySource | ImageSource>): Promise<Build> {
    void this.#note.write()
    const source = await openSource()
    await this.#openApp('path' in source ? source.path : null)
    const url = 'url' in source ? source.url : await this.#send(source.path)
    this.#note.source = url
    this.#progress.enter('queue')
    // Before the server begins: a desktop that ends from here on finds the build by its source.
    await this.#note.write()
    return this.#createBuild(url, 'url' in source ? {} : source)
  }

  /** The build of a deploy that another core had begun. */
  async #findBuild({ appId, source, build: id }: UnfinishedDeploy): Promise<Build> {
    this.#app = appId
    this.#note.source = source
    if (source === null) throw new HearthError('gone', notSent)
    const builds = await this.#link.attempt((agent) => agent.call('listBuilds', { app: appId }))
    const build = builds.findLast((one) => (id === null ? one.source_blob.url === source : one.id === id))
    if (!build) throw new HearthError('gone', notBegun)
    return build
  }

  #enter(stage: DeployStage): void {
    if (this.#progress.enter(stage)) void this.#note.write()
  }

  #fail(error: unknown): void {
    if (this.#isCancelled) this.#progress.end('cancelled')
    else if (this.#abort.signal.aborted)
      this.#progress.end('failed', { error: 'Hearth was closed during this deploy.' })
    else if (error instanceof HearthError) this.#progress.end('failed', { error: error.message })
    else {
      this.#parts.onError('A deploy failed for a reason that Hearth did not expect', error)
      this.#progress.end('failed', { error: 'An internal error occurred; the log of Hearth has the details.' })
    }
  }

  /** Finds the app, or creates it under that name, on the stack that its folder asks for. */
  async #openApp(folder: string | null): Promise<void> {
    const asked = this.deploy.appName
    const app = await this.#link.attempt(async (agent) => {
      try {
        return await agent.call('getApp', { app: asked })
      } catch (error) {
        if (!(error instanceof HearthError) || error.id !== 'not_found') throw error
        const stack = folder === null ? null : await findWantedStack(folder, agent)
        return await agent.call('createApp', {}, { name: checkName(asked), ...(stack === null ? {} : { stack }) })
      }
    })
    this.#app = app.id
    this.#progress.set({ appId: app.id, appName: app.name })
  }

  #send(folder: string): Promise<string> {
    const { signal } = this.#abort
    return sendSource({
      app: this.#app,
      signal,
      agent: () => this.#link.connected(),
      scan: async () => {
        const listing = await walkFolder(folder, signal)
        if (listing.files.length === 0)
          throw new HearthError('invalid_params', `${folder} has no files to deploy. Choose the folder of your app.`)
        const files = await this.#parts.hashes.hash(listing, signal)
        this.#enter('send')
        return { root: listing.root, files }
      },
      onProgress: ({ files, bytes }) => this.#progress.set({ files: { ...files }, bytes: { ...bytes } }),
    })
  }

  /** When the answer is lost with the connection, the build may be there all the same: its source tells. */
  #createBuild(url: string, { version, description }: Partial<DeploySource>): Promise<Build> {
    const source = { url, version: version ?? null, version_description: description ?? null }
    let isRetry = false
    return this.#link.attempt(async (agent) => {
      const builds = isRetry ? await agent.call('listBuilds', { app: this.#app }) : []
      isRetry = true
      // The newest: an image may have been deployed before by the same name.
      const begun = builds.findLast(({ source_blob, status }) => source_blob.url === url && status === 'pending')
      return begun ?? (await agent.call('createBuild', { app: this.#app }, { source_blob: source }))
    })
  }

  /** Reads the build's output to its end; after a lost connection from where it was. */
  async #readBuild({ output_stream_url: url }: Build): Promise<void> {
    let received = 0
    await this.#link.attempt(async (agent) => {
      let position = 0
      for await (const chunk of agent.readStream(url, this.#abort.signal)) {
        const news = chunk.subarray(Math.max(0, received - position))
        position += chunk.length
        if (news.length === 0) continue
        received = position
        this.output.append(news)
        if (!isWaiting(news)) this.#enter('build')
      }
    })
    this.#abort.signal.throwIfAborted()
  }

  async #settledBuild({ id }: Build): Promise<Build & { release: { id: string } }> {
    const build = await this.#link.settled((agent) => agent.call('getBuild', { app: this.#app, build: id }))
    if (build.status === 'succeeded' && build.release) return { ...build, release: build.release }
    throw new HearthError(
      'build_failed',
      `The build failed: ${lastWords(this.output.tail(8192)) ?? 'its output says why'}`,
    )
  }

  async #settledRelease({ release: { id } }: { release: { id: string } }): Promise<Release> {
    this.#enter('release')
    const release = await this.#link.settled((agent) => agent.call('getRelease', { app: this.#app, release: id }))
    if (release.status === 'succeeded') return release
    this.#progress.set({ release })
    const reason = this.#failedStep ?? lastWords(this.output.tail(8192)) ?? 'the logs of the app say why'
    await this.#appendLog(reason)
    throw new HearthError(
      'conflict',
      `Release v${release.version} failed: ${reason.replace(/^Release v\d+ failed: /, '')} What served before still does.${adviseOn(reason)}`,
    )
  }

  /** What the dyno itself said is most often the answer, so it is put where the user looks. */
  async #appendLog(reason: string): Promise<void> {
    const [dyno] = /^[\w-]+\.\d+(?= )/.exec(reason.replace(/^Release v\d+ failed: /, '')) ?? []
    if (!dyno) return
    const lines = await readLastLines(this.#parts.servers.agent(this.deploy.serverId), this.#app, dyno).catch(() => '')
    if (lines) this.output.append(Buffer.from(`\n-----> The end of the log of ${dyno}\n${lines}`))
  }

  /** What the server tells of this app while we wait. */
  #follow({ serverId, appId, topic, step }: Change): void {
    if (!this.#build || serverId !== this.deploy.serverId || appId !== this.#app) return
    if (topic === 'operation' && step?.verb === 'deploy') {
      this.#enter('release')
      if (step.state === 'running') this.#progress.set({ step: step.step })
      if (step.state === 'failed') this.#failedStep = step.message
    }
  }
}

function checkName(name: string): string {
  const checked = appName.safeParse(name)
  if (checked.success) return name
  const rule = checked.error.issues[0]?.message ?? 'is not valid'
  throw new HearthError('invalid_params', `"${name.slice(0, 60)}" can't be an app's name: it ${rule}.`)
}

function isWaiting(bytes: Uint8Array): boolean {
  const lines = Buffer.from(bytes).toString('utf8').trimEnd().split('\n')
  return lines.at(-1)?.startsWith('-----> Waiting: ') ?? false
}
