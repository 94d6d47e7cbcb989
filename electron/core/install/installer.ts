import { HearthError } from '../../../agent/contract/errors.ts'
import type { Agent } from '../ports/agent.ts'
import type { SshAuthentication, SshConnectors, SshTarget, Transport } from '../ports/transport.ts'
import type { ServerEntry } from '../servers/server-file.ts'
import { type BundlePlaces, openBundle } from './bundle.ts'
import type { InstallEvent, Report } from './event.ts'
import { EventQueue } from './event-queue.ts'
import { architectureOf, inspectMachine, judge, type MachineFacts } from './preflight.ts'
import { RootShell } from './root-shell.ts'
import { installSteps, type StepContext } from './steps.ts'
import { uninstallScript } from './uninstall.ts'

export interface InstallerOptions {
  readonly connectors: SshConnectors
  readonly entryOf: (serverId: string) => ServerEntry
  readonly places: BundlePlaces
  /** The desktop's own key, by which it logs in from then on. */
  readonly publicKey: string
  readonly environment: Readonly<Record<string, string>>
  /** How a finished installation logged in. */
  readonly onInstalled: (login: Login) => Promise<void>
  /** Connects as any desktop does; the last step talks to the agent through it. */
  readonly connectAgent: (entry: ServerEntry, signal: AbortSignal) => Promise<{ agent: Agent; close(): Promise<void> }>
}

export interface Login {
  readonly serverId: string
  readonly authentication: SshAuthentication
  readonly sudoPassword: string | undefined
}

const verifyTitle = 'Verify'

/** Installs, repairs, upgrades and uninstalls the agent of a server over SSH. */
export class Installer {
  readonly #options: InstallerOptions

  constructor(options: InstallerOptions) {
    this.#options = options
  }

  /** Ends when the server is ready; throws HearthError at the step that failed. Leaving the loop stops the installation. */
  install(options: Login & { readonly signal: AbortSignal }): AsyncIterable<InstallEvent> {
    return EventQueue.run(options.signal, (report, signal) => this.#install({ ...options, signal }, report))
  }

  /** Removes everything but, unless told, the data: keys, apps, slugs, logs. */
  async uninstall(options: Login & { readonly removeData: boolean }): Promise<void> {
    const transport = await this.#connect(options, AbortSignal.timeout(30_000))
    try {
      const signal = AbortSignal.timeout(180_000)
      const facts = await inspectMachine(transport, signal)
      const shell = new RootShell({ transport, signal, report: () => {}, sudo: sudoOf(facts, options.sudoPassword) })
      await shell.script('uninstall', uninstallScript, [options.removeData ? 'data' : 'keep'])
    } finally {
      await transport.close()
    }
  }

  async #install(options: Login & { readonly signal: AbortSignal }, report: Report): Promise<void> {
    const transport = await this.#connect(options, options.signal)
    try {
      const facts = await this.#check(transport, options, report)
      const architecture = architectureOf(facts)
      if (!architecture) throw new HearthError('unavailable', `Hearth does not run on ${facts.machine}.`)
      const bundle = await openBundle(this.#options.places, architecture)
      report({ kind: 'plan', steps: [...installSteps.map(({ title }) => title), verifyTitle] })
      const { signal } = options
      const { publicKey, environment } = this.#options
      const shell = new RootShell({ transport, signal, report, sudo: sudoOf(facts, options.sudoPassword) })
      for (const { title, run } of installSteps) {
        const onProgress = throttle((done, total) => report({ kind: 'progress', step: title, done, total }))
        const context: StepContext = { shell, bundle, publicKey, environment, onProgress }
        await follow(title, { signal, report }, () => run(context))
      }
      await follow(verifyTitle, { signal, report }, () => this.#verify(options.serverId, signal))
      await this.#options.onInstalled(options)
    } finally {
      await transport.close()
    }
  }

  #connect({ serverId, authentication }: Login, signal: AbortSignal): Promise<Transport> {
    const { host, port, user, hostKeys, transport } = this.#options.entryOf(serverId)
    const target: SshTarget = { host, port, user, hostKeys, authentication }
    return this.#options.connectors[transport].connect(target, signal)
  }

  async #check(
    transport: Transport,
    { signal, sudoPassword }: Login & { signal: AbortSignal },
    report: Report,
  ): Promise<MachineFacts> {
    const facts = await inspectMachine(transport, signal)
    const checks = judge(facts, { ms: Date.now(), hasSudoPassword: sudoPassword !== undefined })
    for (const check of checks) report({ kind: 'check', check })
    const failed = checks.filter(({ state }) => state === 'failed')
    if (failed.length > 0) {
      const reasons = failed.map(({ name, remedy }) => `${name}: ${remedy}`).join(' ')
      throw new HearthError('unavailable', `This machine is not ready. ${reasons}`)
    }
    return facts
  }

  /** The real way in, as every later connection takes it. */
  async #verify(serverId: string, signal: AbortSignal) {
    const { agent, close } = await this.#options.connectAgent(this.#options.entryOf(serverId), signal)
    try {
      const latencyMs = await agent.ping()
      const server = await agent.call('getServer', {})
      return { message: `${server.operating_system}, agent ${server.version}, ${Math.round(latencyMs)} ms away` }
    } finally {
      await close()
    }
  }
}

function sudoOf(facts: MachineFacts, password: string | undefined) {
  if (facts.sudo === 'root') return null
  return { password: facts.sudo === 'free' ? null : (password ?? null) }
}

async function follow(
  step: string,
  { signal, report }: { signal: AbortSignal; report: Report },
  run: () => Promise<{ message?: string; isSkipped?: boolean }>,
): Promise<void> {
  signal.throwIfAborted()
  report({ kind: 'step', step, state: 'running', durationMs: null, message: null })
  const started = performance.now()
  const durationMs = () => Math.round(performance.now() - started)
  try {
    const { message = null, isSkipped = false } = await run()
    report({ kind: 'step', step, state: isSkipped ? 'skipped' : 'done', durationMs: durationMs(), message })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    report({ kind: 'step', step, state: 'failed', durationMs: durationMs(), message })
    throw error instanceof HearthError ? error : new HearthError('internal', message, { cause: error })
  }
}

/** A report for every chunk would drown the screen; the last one always comes. */
function throttle(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let reportedAt = 0
  return (done, total) => {
    if (done < total && performance.now() - reportedAt < 100) return
    reportedAt = performance.now()
    report(done, total)
  }
}
