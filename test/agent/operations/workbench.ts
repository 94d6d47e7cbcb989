import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { parseAcmeSettings } from '../../../agent/certificates/acme-settings.ts'
import { openCertification } from '../../../agent/certificates/certification.ts'
import { endpoints } from '../../../agent/contract/endpoints.ts'
import type { Event } from '../../../agent/contract/event.ts'
import type { Caller } from '../../../agent/core/ports/access/actor.ts'
import type { LoginKeys } from '../../../agent/core/ports/access/login-keys.ts'
import type { NameSystem } from '../../../agent/core/ports/domains/name-system.ts'
import type { ContainerHost } from '../../../agent/core/ports/dynos/container-host.ts'
import type { GitRepositories } from '../../../agent/core/ports/git-repositories.ts'
import type { MetricsStore } from '../../../agent/core/ports/metrics-store.ts'
import type { RouterKeeper } from '../../../agent/core/ports/routing/router-keeper.ts'
import type { Signer } from '../../../agent/core/ports/signer.ts'
import type { Store } from '../../../agent/core/ports/store.ts'
import type { WebhookSender } from '../../../agent/core/ports/webhooks.ts'
import type { CallName, CallRequest } from '../../../agent/operations/call.ts'
import { openPlatform, type Platform, type PlatformPorts } from '../../../agent/operations/platform.ts'
import type { PlatformSettings } from '../../../agent/operations/settings.ts'
import { openMetricsStore } from '../../../agent/sqlite/metrics.ts'
import { openStore } from '../../../agent/sqlite/store.ts'
import { openLocalGit } from '../git/local-git.ts'
import {
  FakeBuilder,
  FakeLogs,
  FakePageKeeper,
  FakeRouter,
  FakeSlugs,
  FakeSources,
  fakeDrains,
  fakeMachine,
  fakeNames,
} from './fakes/fake-ports.ts'
import { FakeRunner } from './fakes/fake-runner.ts'
import { ManualClock, settle } from './fakes/manual-clock.ts'

export const ann: Caller = { id: '00000000-0000-4000-8000-00000000a000', email: 'ann@laptop', keyId: null }

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
export const serverKey: KeyObject = publicKey
const signer: Signer = {
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
}

type BodyAndPath<Name extends CallName> = Omit<CallRequest<Name>, 'actor'>

/** A whole platform on fakes and a real SQLite file, on which tests operate as clients do. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'hearth-platform-'))
  readonly runner = new FakeRunner()
  readonly router = new FakeRouter()
  readonly pages = new FakePageKeeper()
  readonly builder = new FakeBuilder()
  readonly slugs = new FakeSlugs()
  readonly logs = new FakeLogs()
  readonly clock = new ManualClock()
  /** What chance says, from 0 up to 1. */
  chance = 0.5
  /** Of a server with SSH keys; without, as the embedded one is. */
  loginKeys: LoginKeys | null = null
  /** What restarting the router does. */
  routerKeeper: RouterKeeper = { restart: async () => {} }
  containers: ContainerHost | null = null
  names: NameSystem = fakeNames
  /** What webhooks answer. */
  sendToWebhook: (request: Parameters<WebhookSender>[0]) => Promise<number> = async () => 200
  readonly problems: string[] = []
  /** Taken up by the next start. */
  settings: Partial<PlatformSettings> = {}
  readonly events: Event[] = []
  store!: Store
  metrics!: MetricsStore
  git!: GitRepositories
  platform!: Platform

  static async open(): Promise<Bench> {
    const bench = new Bench()
    await bench.start()
    return bench
  }

  /** Starts an agent on what there is; `wrap` may put itself between it and its ports. */
  async start(wrap: (ports: PlatformPorts) => PlatformPorts = (ports) => ports): Promise<void> {
    this.store = openStore(join(this.folder, 'state.db'), new Uint8Array(32).fill(1))
    const report = (problem: string, cause: unknown) => this.problems.push(`${problem}: ${cause}`)
    this.metrics = openMetricsStore(join(this.folder, 'metrics.db'), report)
    this.git = await openLocalGit(this.folder, { report })
    const { store, metrics, git, runner, router, builder, slugs, logs, clock } = this
    const settings = { stopGraceMs: 10, ...this.settings }
    this.platform = await openPlatform(
      wrap({
        ...{ store, metrics, git, runner, router, builder, slugs, logs, clock, report, settings },
        sources: new FakeSources(),
        routerKeeper: this.routerKeeper,
        containers: this.containers,
        operatorLog: { read: async () => ({ units: [], journal: 'agent: started' }) },
        drains: fakeDrains,
        sendToWebhook: (request) => this.sendToWebhook(request),
        pages: this.pages,
        names: this.names,
        certification: openCertification({
          acme: parseAcmeSettings('directory=http://127.0.0.1:9/nobody'),
          keyDirectory: this.folder,
          serverName: 'nas',
        }),
        machine: fakeMachine,
        chance: () => this.chance,
        signer,
        sealKey: new Uint8Array(32).fill(2),
        loginKeys: this.loginKeys,
      }),
    )
    this.platform.subscribe(ann, (event) => this.events.push(event))
    await settle()
  }

  /** Ends the agent in an orderly way, as an upgrade does. */
  async stop(): Promise<void> {
    await this.platform.close()
    await this.git.close()
    this.store.close()
    this.metrics.close()
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true })
  }

  /** Calls as ann and checks the answer against the contract. */
  call<Name extends CallName>(name: Name, request: BodyAndPath<Name>) {
    return this.callAs(ann, name, request)
  }

  async callAs<Name extends CallName>(actor: Caller, name: Name, request: BodyAndPath<Name>) {
    const answer = await this.platform.calls[name]({ ...request, actor } as CallRequest<Name>)
    const { response } = endpoints[name] as { response: z.ZodType | 'none' }
    if (response !== 'none') response.parse(answer)
    return answer
  }

  async createApp(name = 'shop') {
    return this.call('createApp', { parameters: {}, body: { name } })
  }

  /** Builds and deploys an app with these process types, to the end. */
  deploy(processTypes: Record<string, string>, app = 'shop'): Promise<void> {
    return this.deployAs(ann, processTypes, app)
  }

  async deployAs(actor: Caller, processTypes: Record<string, string>, app = 'shop'): Promise<void> {
    this.builder.processTypes = processTypes
    await this.callAs(actor, 'createBuild', {
      parameters: { app },
      body: { source_blob: { url: 'manifest:m1', version: '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b' } },
    })
    await settle()
    await this.clock.advance(1000)
  }

  async setConfigVars(body: Record<string, string | null>, app = 'shop') {
    const answer = await this.call('updateConfigVars', { parameters: { app }, body })
    await settle()
    return answer
  }

  async scale(updates: { type: string; quantity?: number | string; size?: string }[], app = 'shop') {
    const answer = await this.call('updateFormation', { parameters: { app }, body: { updates } })
    await settle()
    return answer
  }

  /** `v2 succeeded: Deploy 1a2b3c4d`, oldest first. */
  async releases(app = 'shop'): Promise<string[]> {
    const releases = await this.call('listReleases', { parameters: { app }, body: undefined })
    return releases.map(({ version, status, description, current }) => {
      return `v${version} ${status}: ${description}${current ? ' (current)' : ''}`
    })
  }

  /** `web.1 up v2`, sorted. */
  async dynos(app = 'shop'): Promise<string[]> {
    const dynos = await this.call('listDynos', { parameters: { app }, body: undefined })
    return dynos.map(({ name, state, release }) => `${name} ${state} v${release.version}`).sort()
  }

  /** Everything that a stream has until it ends. */
  async readStream(secret: string): Promise<string> {
    const pieces: Uint8Array[] = []
    const { bytes } = await this.platform.readStream(secret, {}, new AbortController().signal)
    for await (const piece of bytes) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }

  /** Names of the dynos that get requests. */
  routed(app = 'shop'): string[] {
    return this.router.app(app).dynos.map(({ id }) => this.runner.processes.get(id)?.spec.name ?? `gone ${id}`)
  }
}

export { settle }
