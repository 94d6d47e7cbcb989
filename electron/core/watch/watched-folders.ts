import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Changes } from '../changes.ts'
import type { DeployRunner } from '../deploy/deploy.ts'
import { unlessAborted } from '../deploy/deploy-link.ts'
import type { FolderHashes } from '../folder/folder-hash.ts'
import { type FolderListing, walkFolder } from '../folder/folder-walk.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import type { ConnectedServers } from '../ports/connected-servers.ts'
import { type WatchTimings, watchFolder } from './folder-watch.ts'
import { type WatchedFolder, type WatchStatus, watchedFolder } from './watched-folder.ts'

export interface WatchedFoldersOptions {
  readonly file: string
  readonly servers: ConnectedServers
  readonly deploys: DeployRunner
  readonly hashes: FolderHashes
  readonly changes: Changes
  readonly onError: (message: string, error: unknown) => void
  readonly timings?: Partial<WatchTimings>
}

export interface WatchView extends WatchStatus {
  readonly path: string
  readonly isOn: boolean
  readonly last: WatchedFolder['last']
}

interface Watch {
  folder: WatchedFolder
  status: WatchStatus
  stop: AbortController | null
}

const defaults: WatchTimings = { pollMs: 2_000, quietMs: 4_000, partialMs: 120_000 }
const off: WatchStatus = { state: 'off', obstacle: null }
const stateFile = z.object({ folders: z.array(watchedFolder) })

/** Folders whose changes are deployed to apps, each app at most one. They are watched again after a restart. */
export class WatchedFolders {
  readonly #options: WatchedFoldersOptions
  readonly #timings: WatchTimings
  #watches: Watch[] = []
  #writing: Promise<void> = Promise.resolve()
  readonly #running = new Set<Promise<void>>()

  constructor(options: WatchedFoldersOptions) {
    this.#options = options
    this.#timings = { ...defaults, ...options.timings }
  }

  async open(): Promise<void> {
    const { value, warning } = await readJsonFile(this.#options.file, stateFile)
    if (warning) this.#options.onError(warning, 'set aside')
    this.#watches = (value?.folders ?? []).map((folder) => ({ folder, status: off, stop: null }))
    for (const watch of this.#watches) if (watch.folder.isOn) this.#start(watch)
  }

  /** Null when the app never had one. */
  get(serverId: string, app: string): WatchView | null {
    const watch = this.#find(serverId, app)
    if (!watch) return null
    const { path, isOn, last } = watch.folder
    return { path, isOn, last, ...watch.status }
  }

  /** Switched on, what is in the folder then counts as known: its next change is deployed. */
  async set({ serverId, app: name, path, isOn }: { serverId: string; app: string; path: string; isOn: boolean }) {
    const { servers } = this.#options
    const known = this.#find(serverId, name)
    // A server that is away must not keep a watch from being switched off.
    const app = known && !isOn ? null : await servers.agent(serverId).call('getApp', { app: name })
    const digest = isOn ? await this.#digest(await walkFolder(path)) : (known?.folder.digest ?? null)
    const identity = app ? { appId: app.id, appName: app.name } : known?.folder
    if (!identity) throw new HearthError('not_found', `${name} has no watched folder.`)
    const folder = { ...{ serverId, path, isOn, digest }, ...pick(identity), last: known?.folder.last ?? null }
    known?.stop?.abort()
    const watch: Watch = { folder, status: off, stop: null }
    this.#watches = [...this.#watches.filter((one) => one !== known), watch]
    await this.#write()
    if (isOn) this.#start(watch)
    this.#tell(watch)
  }

  async close(): Promise<void> {
    for (const { stop } of this.#watches) stop?.abort()
    await Promise.all(this.#running)
    await this.#writing
  }

  #find(serverId: string, app: string): Watch | undefined {
    return this.#watches.find(
      ({ folder }) => folder.serverId === serverId && (folder.appName === app || folder.appId === app),
    )
  }

  #start(watch: Watch): void {
    const stop = new AbortController()
    watch.stop = stop
    watch.status = { state: 'watching', obstacle: null }
    const running = watchFolder({
      path: watch.folder.path,
      timings: this.#timings,
      signal: stop.signal,
      known: () => watch.folder.digest,
      digest: (listing) => this.#digest(listing, stop.signal),
      obstacle: () => this.#obstacle(watch),
      deploy: (digest) => this.#deploy(watch, digest, stop.signal),
      onStatus: (status) => this.#show(watch, status),
    }).catch((error) => {
      this.#options.onError(`Watching ${watch.folder.path} ended`, error)
      this.#show(watch, {
        state: 'waiting',
        obstacle: 'Watching ended by an error; the log of Hearth has the details.',
      })
    })
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running))
  }

  async #digest(listing: FolderListing, signal?: AbortSignal): Promise<string> {
    const files = await this.#options.hashes.hash(listing, signal)
    return createHash('sha256').update(JSON.stringify(files)).digest('hex')
  }

  #obstacle({ folder: { serverId, appId } }: Watch): string | null {
    const { servers, deploys } = this.#options
    const server = servers.names().find(({ id }) => id === serverId)
    if (!server) return 'The server was removed from this desktop.'
    if (!server.isOnline) return `${server.name} is away. The newest content is deployed when it is back.`
    const isBusy = deploys.list({ serverId, app: appId }).some(({ state }) => state === 'running')
    return isBusy ? 'Another deploy of this app is under way.' : null
  }

  /** What was tried counts as known, however it ends: a build that fails is not tried again before the next change. */
  async #deploy(watch: Watch, digest: string, signal: AbortSignal): Promise<void> {
    const { serverId, appId, appName, path } = watch.folder
    const { servers, deploys } = this.#options
    try {
      const { name } = await servers.agent(serverId).call('getApp', { app: appId })
      watch.folder = { ...watch.folder, appName: name, digest }
      await this.#write()
      const { id } = deploys.start({ serverId, app: name, openSource: async () => ({ path }) })
      const { state, release, error } = await unlessAborted(deploys.finished(id), signal)
      if (state === 'running') return
      const last = { at: new Date().toISOString(), state, version: release?.version ?? null, error }
      watch.folder = { ...watch.folder, last }
    } catch (error) {
      if (!(error instanceof HearthError) || error.id !== 'not_found') throw error
      // Under its name another app may come, which nobody meant.
      const last = { at: new Date().toISOString(), state: 'failed' as const, version: null }
      watch.folder = { ...watch.folder, isOn: false, last: { ...last, error: `${appName} is gone from the server.` } }
      watch.stop?.abort()
      watch.status = off
    }
    await this.#write()
    this.#tell(watch)
  }

  #show(watch: Watch, status: WatchStatus): void {
    if (watch.stop?.signal.aborted) return
    const { state, obstacle } = watch.status
    if (state === status.state && obstacle === status.obstacle) return
    watch.status = status
    this.#tell(watch)
  }

  #tell({ folder: { serverId, appId } }: Watch): void {
    this.#options.changes.emit({ topic: 'deploys', serverId, appId })
  }

  #write(): Promise<void> {
    const { file } = this.#options
    this.#writing = this.#writing
      .catch(() => {})
      .then(() => writeJsonFile(file, { folders: this.#watches.map(({ folder }) => folder) }))
    return this.#writing
  }
}

function pick({ appId, appName }: { appId: string; appName: string }) {
  return { appId, appName }
}
