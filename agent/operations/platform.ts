import type { TerminalKind } from '../contract/dynos/terminal.ts'
import { notFound } from '../contract/errors.ts'
import type { Event } from '../contract/event.ts'
import type { SourceBlobsReceived } from '../contract/sources/source.ts'
import { logTexts, shellStatus } from '../core/logs/log-texts.ts'
import type { Caller } from '../core/ports/access/actor.ts'
import type { LoginKeys } from '../core/ports/access/login-keys.ts'
import type { Builder } from '../core/ports/builds/builder.ts'
import type { SlugStore } from '../core/ports/builds/slug-store.ts'
import type { SourceStore } from '../core/ports/builds/source-store.ts'
import type { Clock } from '../core/ports/clock.ts'
import type { Certification } from '../core/ports/domains/certification.ts'
import type { NameSystem } from '../core/ports/domains/name-system.ts'
import type { ContainerHost } from '../core/ports/dynos/container-host.ts'
import type { DynoRunner, DynoTerminal } from '../core/ports/dynos/dyno-runner.ts'
import type { GitRepositories, GitSession } from '../core/ports/git-repositories.ts'
import type { Drains } from '../core/ports/logs/drain.ts'
import type { LogStore } from '../core/ports/logs/log-store.ts'
import type { OperatorLog } from '../core/ports/logs/operator-log.ts'
import type { Machine } from '../core/ports/machine.ts'
import type { MetricsStore } from '../core/ports/metrics-store.ts'
import type { PageKeeper } from '../core/ports/routing/page-keeper.ts'
import type { RouterControl } from '../core/ports/routing/router-control.ts'
import type { RouterKeeper } from '../core/ports/routing/router-keeper.ts'
import type { Signer } from '../core/ports/signer.ts'
import type { Actor, Store } from '../core/ports/store.ts'
import type { WebhookSender } from '../core/ports/webhooks.ts'
import { authorize, guardCalls, type Request } from './access/authorize.ts'
import { People } from './access/people.ts'
import { receiveUpload } from './builds/create-slug.ts'
import type { Calls } from './call.ts'
import { openCalls } from './calls/calls.ts'
import { expiringHostnames, keepCertificates } from './certificates/keep-certificates.ts'
import type { Context } from './context.ts'
import { cycleDynos } from './dynos/cycle-dynos.ts'
import { restartHungDynos } from './dynos/restart-hung-dynos.ts'
import { sleepApps } from './dynos/sleep-apps.ts'
import { wakeApps } from './dynos/wake-apps.ts'
import { findApp } from './find.ts'
import { type GitRequest, serveGit } from './git/serve-git.ts'
import { repair } from './repair.ts'
import { AppTurns } from './runtime/app-turns.ts'
import { Background } from './runtime/background.ts'
import { BuildQueue } from './runtime/builds/build-queue.ts'
import { Pushes } from './runtime/builds/pushes.ts'
import { SlugDownloads } from './runtime/builds/slug-downloads.ts'
import { CertificateWork } from './runtime/domains/certificate-work.ts'
import { Challenges } from './runtime/domains/challenges.ts'
import { DomainChecks } from './runtime/domains/domain-checks.ts'
import { DynoSupervisor } from './runtime/dynos/dyno-supervisor.ts'
import { StartSlots } from './runtime/dynos/start-slots.ts'
import { Terminals } from './runtime/dynos/terminals.ts'
import { EventHub } from './runtime/event-hub.ts'
import { LogDrains } from './runtime/logs/log-drains.ts'
import { LogSessions, type ReadingAgain } from './runtime/logs/log-sessions.ts'
import { Outputs } from './runtime/logs/outputs.ts'
import { MetricsRecorder } from './runtime/metrics-recorder.ts'
import { RateLimits } from './runtime/rate-limits.ts'
import { CustomPages } from './runtime/routing/custom-pages.ts'
import { DefaultHostnames } from './runtime/routing/default-hostnames.ts'
import { Routes } from './runtime/routing/routes.ts'
import { Seal } from './runtime/seal.ts'
import { watchClock } from './runtime/server/clock-watch.ts'
import { watchDisk } from './runtime/server/disk-watch.ts'
import { PodmanInstallation } from './runtime/server/podman-installation.ts'
import { ServerWarning } from './runtime/server/server-warning.ts'
import { WebhookDeliveries } from './runtime/webhooks/webhook-deliveries.ts'
import { defaultSettings, type PlatformSettings } from './settings.ts'
import { watchWebhooks } from './webhooks/watch-webhooks.ts'

/** All that the platform stands on. It owns none of them: whoever opened them closes them, after the platform. */
export interface PlatformPorts {
  readonly store: Store
  readonly metrics: MetricsStore
  readonly runner: DynoRunner
  readonly router: RouterControl
  readonly routerKeeper: RouterKeeper
  /** Null on the embedded server, which runs no containers. */
  readonly containers: ContainerHost | null
  readonly operatorLog: OperatorLog
  readonly builder: Builder
  readonly slugs: SlugStore
  readonly sources: SourceStore
  readonly git: GitRepositories
  readonly logs: LogStore
  readonly drains: Drains
  readonly sendToWebhook: WebhookSender
  readonly pages: PageKeeper
  readonly certification: Certification
  readonly names: NameSystem
  readonly machine: Machine
  readonly signer: Signer
  /** Seals secrets that are to outlive the agent, 32 bytes. */
  readonly sealKey: Uint8Array
  /** Null on the embedded server: whoever reaches its socket is its user. */
  readonly loginKeys: LoginKeys | null
  readonly clock: Clock
  /** From 0 up to 1, by chance. */
  readonly chance: () => number
  /** Failures that no caller waits for, for the operator's journal. Never holds a secret. */
  readonly report: (problem: string, cause: unknown) => void
  readonly settings?: Partial<PlatformSettings>
}

/** A one-off dyno's terminal and its end. */
export interface AttachedDyno {
  readonly terminal: DynoTerminal
  /** As a shell tells how a command ended: its status, or 128 and the signal's number. */
  readonly exitCode: Promise<number>
  /** Stops the dyno: its reader is gone. */
  detach(): Promise<void>
}

/** What a secret stands for. */
export interface ReadableContent {
  /** `events` are server-sent ones. */
  readonly kind: 'text' | 'events' | 'slug archive'
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The whole of a server's behaviour, for the API to serve. */
export interface Platform {
  readonly calls: Calls
  /** The caller that a token belongs to; null once their key is removed. */
  identify(ownerId: string): Caller | null
  /** Throws `forbidden`, or `not_found` for an app that they may not even see. */
  authorize(caller: Caller, request: Request): void
  /** Calls back with keys that open less than before, or nothing; the function returned ends it. */
  onReduced(listener: (keyIds: readonly string[]) => void): () => void
  /** Counts so many requests of a key and returns how many are left; throws `rate_limit` when that is too many. */
  admit(actor: Actor, requests: 0 | 1): number
  /** What every answer should warn of (a disk nearly full, a reboot that is due), in one line; null when all is well. */
  warning(): string | null
  /** Body of `putSourceBlobs`. */
  putSourceBlobs(app: string, manifest: string, body: AsyncIterable<Uint8Array>): Promise<SourceBlobsReceived>
  /** Body of `putSource`. */
  putSource(secret: string, body: AsyncIterable<Uint8Array>): Promise<void>
  /**
   * A build's output, a release phase's, a log session, a slug's archive; ends when it ends or when the signal aborts. Only a
   * log session can be read as events, and again.
   */
  readStream(secret: string, again: ReadingAgain, signal: AbortSignal): Promise<ReadableContent>
  /**
   * Starts the dyno whose terminal this secret opens. `kind` is what its streams are to be; null leaves that to how it was
   * created. Throws `not_found` for a secret that is unknown or used.
   */
  attachDyno(secret: string, kind: TerminalKind | null): Promise<AttachedDyno>
  /** `receivePack` and `uploadPack`: both bodies, until git ends. */
  serveGit(request: GitRequest): Promise<GitSession>
  /** Calls back for every event from now on that the caller may see; the function returned ends it. */
  subscribe(caller: Caller, listener: (event: Event) => void): () => void
  /** Stops deciding; dynos keep running. */
  close(): Promise<void>
}

/** Repairs what the agent before this one left, brings the formation back, and begins to answer. */
export async function openPlatform(ports: PlatformPorts): Promise<Platform> {
  const { cpu } = await ports.machine.measure()
  const context = openContext(ports, cpu.cores)
  const unsubscribe = followRouter(context)
  await context.warning.measure()
  context.people.refresh()
  for (const drain of ports.store.logDrains.listAll()) context.logDrains.start(drain)
  // Before the router is told anything: the pages that were kept are a part of it.
  await context.customPages.open((appId) => context.routes.applyOrReport(appId))
  await repair(context)
  context.dynos.watchUsage()
  new MetricsRecorder(context).start()
  watchDisk(context)
  watchClock(context)
  cycleDynos(context)
  restartHungDynos(context)
  sleepApps(context)
  wakeApps(context)
  keepCertificates(context)
  const stopTelling = watchWebhooks(context)
  return {
    calls: guardCalls(context, openCalls(context)),
    identify: (ownerId) => context.people.identify(ownerId),
    authorize: (caller, request) => authorize(context, caller, request),
    onReduced: (listener) => context.people.onReduced(listener),
    admit: ({ id }, requests) => context.rateLimits.take(id, requests),
    warning: () => context.warning.current(),
    putSourceBlobs(app, manifest, body) {
      return context.sources.putBlobs(findApp(context.store, app).id, manifest, body)
    },
    putSource: (secret, body) => receiveUpload(context, secret, body),
    readStream: (secret, again, signal) => readStream(context, { secret, again }, signal),
    attachDyno: (secret, kind) => attachDyno(context, secret, kind),
    serveGit: (request) => serveGit(context, request),
    subscribe: (caller, listener) =>
      context.events.subscribe((event) => {
        if (event.app === null || context.people.roleOf(caller, event.app.id) !== null) listener(event)
      }),
    async close() {
      stopTelling()
      unsubscribe()
      await context.background.close()
      context.outputs.close()
    },
  }
}

function openContext(ports: PlatformPorts, cores: number): Context {
  const settings = { ...defaultSettings, ...ports.settings }
  const background = new Background(ports.report)
  const events = new EventHub(ports.clock)
  const customPages = new CustomPages({ ...ports, events, background })
  const challenges = new Challenges()
  const defaultNames = new DefaultHostnames({ ...ports, background })
  const routes = new Routes(ports, customPages, challenges, defaultNames)
  const slots = () => new StartSlots(cores * settings.startsPerCore)
  const people = new People({ ...ports, background })
  return {
    ...ports,
    settings,
    people,
    background,
    events,
    routes,
    customPages,
    challenges,
    defaultNames,
    domainChecks: new DomainChecks(ports.names, ports.clock),
    certificateWork: new CertificateWork(),
    turns: new AppTurns(background.signal),
    outputs: new Outputs(ports.store, ports.report),
    dynos: new DynoSupervisor({ ...ports, settings, background, events, routes, starts: slots(), wakes: slots() }),
    terminals: new Terminals(),
    builds: new BuildQueue(settings.concurrentBuilds, background),
    podman: new PodmanInstallation({ ...ports, background, events }),
    pushes: new Pushes(),
    logDrains: new LogDrains({ ...ports, background }),
    webhooks: new WebhookDeliveries({ ...ports, background }),
    logSessions: new LogSessions({
      ...ports,
      seal: new Seal(ports.sealKey, 'log session'),
      mayRead(caller, appId) {
        people.refresh()
        return people.roleOf(caller, appId) !== null
      },
    }),
    slugDownloads: new SlugDownloads(ports.clock),
    rateLimits: new RateLimits(ports.clock, settings.requestsPerSecond),
    warning: new ServerWarning(ports.machine, ports.clock, () => expiringHostnames(ports)),
  }
}

/** The router's line of each request belongs into its app's log. */
function followRouter({ router, logs }: Context): () => void {
  return router.onLog((entry) => {
    const text = entry.kind === 'line' ? entry.line : logTexts.linesDropped(entry.count)
    logs.writeLine(entry.appId, 'router', text)
  })
}

async function readStream(
  context: Context,
  { secret, again }: { secret: string; again: ReadingAgain },
  signal: AbortSignal,
): Promise<ReadableContent> {
  const checksum = context.slugDownloads.find(secret)
  if (checksum !== null) return { kind: 'slug archive', bytes: await context.slugs.openArchive(checksum) }
  const output = context.store.outputs.bySecret(secret)
  if (output) return { kind: 'text', bytes: context.outputs.read(output.id, signal) }
  const lines = context.logSessions.open(secret, again, signal)
  if (!lines) throw notFound('stream', 'it was read before, has expired, or never was')
  return { kind: again.format ?? 'text', bytes: lines }
}

async function attachDyno(context: Context, secret: string, kind: TerminalKind | null): Promise<AttachedDyno> {
  const { dynoId, terminal, exit } = await context.terminals.open(secret, kind)
  return { terminal, exitCode: exit.then(shellStatus), detach: () => context.dynos.stop(dynoId, 'hung-up') }
}
