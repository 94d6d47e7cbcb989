import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { openApi } from '../../../../agent/api/server.ts'
import { HearthError } from '../../../../agent/contract/errors.ts'
import type { SourceFile } from '../../../../agent/contract/sources/source.ts'
import type { SourceStore } from '../../../../agent/core/ports/builds/source-store.ts'
import { openAgent } from '../../../../electron/agent-client/open-agent.ts'
import { Changes } from '../../../../electron/core/changes.ts'
import { DeployRunner } from '../../../../electron/core/deploy/deploy.ts'
import { UnfinishedDeploys } from '../../../../electron/core/deploy/unfinished-deploys.ts'
import { FolderHashes } from '../../../../electron/core/folder/folder-hash.ts'
import type { Agent } from '../../../../electron/core/ports/agent.ts'
import { ann, Bench } from '../../../agent/operations/workbench.ts'

/** Keeps content in memory, and what of it came over the wire. */
export class MemorySources implements SourceStore {
  readonly blobs = new Map<string, string>()
  readonly manifests = new Map<string, readonly SourceFile[]>()
  /** Digests in the order in which they arrived. */
  readonly received: string[] = []
  /** Called with each blob as it arrives. */
  onBlob: (count: number) => void | Promise<void> = () => {}

  async createManifest(_app: string, files: readonly SourceFile[]) {
    const id = randomUUID()
    this.manifests.set(id, files)
    const missing = this.#missing(files)
    return { id, missing, missingBytes: missing.length }
  }

  async putBlobs(_app: string, manifest: string, body: AsyncIterable<Uint8Array>) {
    const archive = extract()
    const reading = (async () => {
      for await (const entry of archive) {
        const chunks: Uint8Array[] = []
        for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk)
        const content = Buffer.concat(chunks)
        const digest = createHash('sha256').update(content).digest('hex')
        if (digest !== entry.header.name) throw new HearthError('invalid_params', 'Another content than was announced.')
        this.blobs.set(digest, content.toString('utf8'))
        this.received.push(digest)
        await this.onBlob(this.received.length)
      }
    })()
    const feeding = pipeline(Readable.from(body), createZstdDecompress(), archive)
    for (const end of await Promise.allSettled([reading, feeding])) if (end.status === 'rejected') throw end.reason
    return { received: 1, missing: this.#missing(this.manifests.get(manifest) ?? []) }
  }

  /** Path -> content of the newest manifest. */
  get content(): Record<string, string> {
    const files = [...this.manifests.values()].at(-1) ?? []
    return Object.fromEntries(
      files.map((file) => [file.path, 'link' in file ? `-> ${file.link}` : (this.blobs.get(file.sha256) ?? 'lacking')]),
    )
  }

  #missing(files: readonly SourceFile[]): string[] {
    return [...new Set(files.flatMap((file) => ('sha256' in file ? [file.sha256] : [])))].filter(
      (digest) => !this.blobs.has(digest),
    )
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

/** A desktop that deploys to a whole agent (on fake dynos and builds) over a real socket that can be cut. */
export class DeployWorld {
  readonly sources = new MemorySources()
  readonly changes = new Changes()
  readonly problems: unknown[] = []
  bench!: Bench
  runner!: DeployRunner
  #folder = ''
  #agent: Agent | null = null
  #close: (() => Promise<void>)[] = []

  static async open(): Promise<DeployWorld> {
    const world = new DeployWorld()
    world.#folder = await mkdtemp(join(tmpdir(), 'hearth-deploys-'))
    world.bench = await openBench(world.sources)
    const socketPath = join(world.#folder, 'agent.sock')
    const api = await openApi({
      socketPath,
      socketMode: 0o600,
      platform: world.bench.platform,
      authenticate: () => ({ ...ann, keyId: null }),
      // Cut connections are what some tests are about, and the agent's to report.
      logError: () => {},
    })
    world.#close.push(() => api.close())
    await world.connect()
    world.runner = world.#openRunner()
    return world
  }

  /** The desktop ends and another one begins: what the first knew is gone but for its files. */
  async restartDesktop(): Promise<void> {
    await this.runner.close()
    this.runner = this.#openRunner()
    await this.runner.findUnfinished()
  }

  /** The notes on deploys that have not ended. */
  get notes(): string {
    return join(this.#folder, 'unfinished')
  }

  #openRunner(): DeployRunner {
    return new DeployRunner({
      servers: { names: () => [{ id: 'nas', name: 'nas', isOnline: true }], agent: () => this.agent },
      changes: this.changes,
      hashes: new FolderHashes(join(this.#folder, 'hashes')),
      urlOf: (_server, app) => `http://${app}.localhost:8780`,
      onError: (_message, error) => this.problems.push(error),
      timings: { pollMs: 10, reconnectMs: 1_000 },
      unfinished: new UnfinishedDeploys(this.notes),
    })
  }

  async connect(): Promise<void> {
    const agent = await openAgent({
      socket: net.connect(join(this.#folder, 'agent.sock')),
      token: async () => 'token',
    })
    this.#agent = agent
    void this.#watch(agent)
  }

  /** The connection breaks and, unless told otherwise, comes back a little later. */
  async cut({ comesBack = true } = {}): Promise<void> {
    const agent = this.#agent
    this.#agent = null
    await agent?.close()
    if (comesBack) void sleep(50).then(() => this.connect())
  }

  async close(): Promise<void> {
    await this.runner.close()
    await this.#agent?.close()
    for (const close of this.#close) await close()
    await this.bench.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Throws while it is cut. */
  get agent(): Agent {
    if (this.#agent) return this.#agent
    throw new HearthError('unavailable', 'nas is offline.')
  }

  async #watch(agent: Agent): Promise<void> {
    try {
      for await (const { topic, app, step } of agent.followEvents(new AbortController().signal))
        this.changes.emit({ topic, serverId: 'nas', appId: app?.id ?? null, step })
    } catch {
      // The connection was cut, which is what some tests are about.
    }
  }
}

async function openBench(sources: SourceStore): Promise<Bench> {
  const bench = new Bench()
  const clock = {
    now: Date.now,
    uptime: () => Math.round(performance.now()),
    delay: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
  }
  await bench.start((ports) => ({ ...ports, sources, clock }))
  return bench
}
