import { createHash } from 'node:crypto'
import { HearthError } from '../../../../agent/contract/errors.ts'
import type { AppTraffic } from '../../../../agent/core/metrics/traffic.ts'
import type { Builder, BuildRequest, BuiltSlug, TakenSource } from '../../../../agent/core/ports/builds/builder.ts'
import type { SlugStore } from '../../../../agent/core/ports/builds/slug-store.ts'
import type { SourceStore } from '../../../../agent/core/ports/builds/source-store.ts'
import type { NameSystem } from '../../../../agent/core/ports/domains/name-system.ts'
import type { Drains } from '../../../../agent/core/ports/logs/drain.ts'
import type {
  LogMatches,
  LogReader,
  LogSearch,
  LogSegment,
  LogStore,
} from '../../../../agent/core/ports/logs/log-store.ts'
import type { Machine } from '../../../../agent/core/ports/machine.ts'
import type { KeptPages, PageKeeper } from '../../../../agent/core/ports/routing/page-keeper.ts'
import type {
  RoutedAppStatus,
  RouterControl,
  RoutingTable,
} from '../../../../agent/core/ports/routing/router-control.ts'
import { DamagedSlug } from '../../../../agent/core/releases/damaged-slug.ts'

const noCounts = { requests: 0, inFlight: 0, held: 0, tunnels: 0, lastRequestAtMs: null, dynos: [] }

/** A router that keeps the newest table, as the real one does over the agent's restarts. */
export class FakeRouter implements RouterControl {
  table: RoutingTable = { revision: 0, apps: [] }
  isAway = false
  canWake = true
  version = '1'
  /** What is told the next time. */
  readonly traffic: AppTraffic[] = []
  readonly drains: (readonly string[])[] = []
  /** Held by a test to look at what happens meanwhile. */
  draining: Promise<void> = Promise.resolve()

  async apply(table: RoutingTable): Promise<void> {
    if (this.isAway) throw new HearthError('unavailable', 'The router is away.')
    if (table.revision > this.table.revision) this.table = table
  }

  async drained(dynoIds: readonly string[]): Promise<boolean> {
    this.drains.push(dynoIds)
    await this.draining
    return true
  }

  onLog(): () => void {
    return () => undefined
  }

  async status() {
    if (this.isAway) throw new HearthError('unavailable', 'The router is away.')
    const { revision } = this.table
    return {
      version: this.version,
      pid: 1,
      pids: [1],
      busy: 0,
      startedAtMs: 0,
      revision,
      residentBytes: 0,
      connections: 0,
      requests: 7,
      canWake: this.canWake,
      apps: this.table.apps.map(({ id }) => ({ ...noCounts, id, ...this.counts.get(id) })),
    }
  }

  async takeTraffic() {
    if (this.isAway) throw new HearthError('unavailable', 'The router is away.')
    return this.traffic.splice(0)
  }

  /** What the router counted, by app. */
  readonly counts = new Map<string, Partial<RoutedAppStatus>>()
  #wanted = Promise.withResolvers<void>()
  readonly #held = new Set<string>()

  /** A request comes for an app; it is held when the app sleeps. */
  ask(name: string): void {
    const { id, isAsleep } = this.app(name)
    const before = this.counts.get(id)
    this.counts.set(id, { ...before, requests: (before?.requests ?? 0) + 1 })
    if (!isAsleep) return
    this.#held.add(id)
    this.#wanted.resolve()
  }

  async wanted(signal: AbortSignal): Promise<readonly string[]> {
    if (this.isAway) throw new HearthError('unavailable', 'The router is away.')
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    aborted.catch(() => undefined)
    for (;;) {
      const found = this.table.apps.filter(({ id, isAsleep }) => isAsleep && this.#held.has(id)).map(({ id }) => id)
      if (found.length > 0) return found
      this.#held.clear()
      this.#wanted = Promise.withResolvers()
      await Promise.race([this.#wanted.promise, aborted])
    }
  }

  async close(): Promise<void> {}

  app(name: string) {
    const app = this.table.apps.find((one) => one.name === name)
    if (!app) throw new Error(`The router knows no app ${name}.`)
    return app
  }
}

/** Builds whatever it is told to by `next`; the source's URL is the web command unless it says otherwise. */
export class FakeBuilder implements Builder {
  readonly buildpacks = []
  processTypes: Record<string, string> = { web: 'listen' }
  description = 'Fake'
  /** Of builds that name no buildpacks. */
  chosenBy: BuiltSlug['chosenBy'] = 'detection'
  reports: BuiltSlug['reports'] = []
  images: BuiltSlug['images'] = []
  readonly requests: BuildRequest[] = []
  /** Held by a test to look at what happens meanwhile. */
  working: Promise<void> = Promise.resolve()
  failure: HearthError | null = null

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuiltSlug> {
    this.requests.push(request)
    request.output('-----> Fake app detected\n')
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
    await Promise.race([this.working, aborted])
    if (this.failure) throw this.failure
    const checksum = createHash('sha256')
      .update(JSON.stringify([request.id, this.processTypes]))
      .digest('hex')
    const { processTypes } = this
    return {
      checksum: `SHA256:${checksum}`,
      layers: [],
      stack: request.stack,
      sizeBytes: 5,
      processTypes,
      buildpacks: request.buildpacks.length > 0 ? request.buildpacks : ['hearth/fake'],
      chosenBy: request.buildpacks.length > 0 ? 'app' : this.chosenBy,
      reports: this.reports,
      images: this.images,
      description: this.description,
    }
  }

  /** What the sources that are taken in hold as their app.json. */
  manifest: string | null = null

  /** And in their heroku.yml. */
  setup: TakenSource['setup'] = null

  async takeSource() {
    return { url: 'blob:taken', manifest: this.manifest, setup: this.setup }
  }

  async importSlug({ secret }: { secret: string }) {
    await this.working
    if (this.failure) throw this.failure
    const checksum = createHash('sha256').update(secret).digest('hex')
    return { checksum: `SHA256:${checksum}`, stack: 'fake-1', sizeBytes: 5, images: [] }
  }

  async destroyCache(): Promise<void> {}
}

export class FakeSlugs implements SlugStore {
  isDamaged = false
  /** Held by a test to look at what happens meanwhile. */
  opening: Promise<void> = Promise.resolve()

  async open({ checksum }: { checksum: string }) {
    await this.opening
    if (this.isDamaged) throw new DamagedSlug('The slug is damaged.', { expected: checksum, actual: 'SHA256:00' })
    return { checksum, appDirectory: '/nowhere', layerDirectories: [], stackDirectory: null }
  }
  async archiveSizeBytes() {
    return 4
  }
  async openArchive(checksum: string) {
    return (async function* () {
      yield new TextEncoder().encode(`archive of ${checksum}`)
    })()
  }
  async weigh({ layers }: { layers: readonly unknown[] }) {
    return { files: [{ path: 'index.js', sizeBytes: 5 }], layerBytes: layers.map(() => 7) }
  }
  async files() {
    return { files: [], left_out: 0 }
  }
  /** What was kept at each collection. */
  readonly kept: string[][] = []

  async collect(keep: readonly { checksum: string }[]) {
    this.kept.push(keep.map(({ checksum }) => checksum))
    return 0
  }
}

export class FakeSources implements SourceStore {
  async createManifest() {
    return { id: 'm1', missing: [], missingBytes: 0 }
  }
  async putBlobs() {
    return { received: 0, missing: [] }
  }
  async createBlob() {
    return { secret: 'upload' }
  }
  async putBlob(): Promise<void> {}
  async keepImage(): Promise<void> {}
  async listImages() {
    return []
  }
  async destroyApp(): Promise<void> {}
}

/** Keeps every line as `<process>: <text>`. */
export class FakeLogs implements LogStore {
  readonly lines: string[] = []

  writeOutput(_appId: string, { name }: { name: string }, bytes: Uint8Array): void {
    this.lines.push(`app ${name}: ${new TextDecoder().decode(bytes)}`)
  }
  writeLine(_appId: string, process: string, text: string): void {
    this.lines.push(`${process}: ${text}`)
  }
  endOutput(): void {}
  read(): LogReader {
    const lines = this.lines.map((line) => new TextEncoder().encode(`${line}\n`))
    return {
      close: () => undefined,
      async *[Symbol.asyncIterator]() {
        yield* lines
      },
    }
  }
  /** One segment of all lines. */
  async history(): Promise<LogSegment[]> {
    return [{ id: 1, since: '2026-11-21T03:45:12.123456+00:00', lines: this.lines.length }]
  }
  async readSegment(_appId: string, segment: number): Promise<string | null> {
    return segment === 1 ? this.lines.map((line) => `${line}\n`).join('') : null
  }
  async search(_appId: string, { text }: LogSearch): Promise<LogMatches> {
    const lines = this.lines.flatMap((line, at) => (line.includes(text) ? [at] : []))
    return { found: [{ segment: 1, lines }], before: null }
  }
  async destroyApp(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Nothing listens there. */
/** Pages by URL; what is not there can't be fetched. */
export class FakePageKeeper implements PageKeeper {
  readonly there = new Map<string, string>()
  readonly kept = new Map<string, KeptPages>()

  async fetch(url: string): Promise<string> {
    const html = this.there.get(url)
    if (html === undefined) throw new Error('the answer has status 404')
    return html
  }

  async load() {
    return new Map(this.kept)
  }

  async save(appId: string, pages: KeptPages): Promise<void> {
    if (pages.error || pages.maintenance) this.kept.set(appId, pages)
    else this.kept.delete(appId)
  }
}

export const fakeDrains: Drains = {
  open: () => ({ send: async () => ({ kind: 'taken' }), close: () => {} }),
}

export const fakeMachine: Machine = {
  facts: {
    id: '00000000-0000-4000-8000-00000000aaaa',
    name: 'nas',
    version: '0.1.0',
    digest: '1f2e3d4c5b6a',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    architecture: 'x64',
    runner: 'systemd',
    stacks: [
      { id: '00000000-0000-4000-8000-00000000bbbb', name: 'fake-1' },
      { id: '00000000-0000-4000-8000-00000000bbbc', name: 'ubuntu-24.04' },
    ],
    startedAt: '2026-01-01T00:00:00.000Z',
    router: { host: '192.0.2.1', port: 80, socket: '/run/hearth/router-http.sock' },
  },
  async measure() {
    return {
      memory: { totalBytes: 2, availableBytes: 1 },
      cpu: { cores: 2, load1m: 0.1, busySeconds: 10 },
      disk: { totalBytes: 2, freeBytes: 1, reserveBytes: 1, problem: null },
      needsReboot: false,
    }
  },
  measureDiskUse: async () => ({
    measuredAtMs: 0,
    usedBy: new Map([
      ['logs', 1],
      ['slugs', 2],
    ]),
  }),
}

/** A server at a documentation address, in a world where every name leads to it. */
export const fakeNames: NameSystem = {
  choice: { local: false, addressDomain: null },
  local: { announce: async () => {} },
  addresses: () => ['203.0.113.5'],
  resolve: async (_, kind) => (kind === 'A' ? ['203.0.113.5'] : []),
}
