import { Agent, request } from 'node:http'
import { type AppTraffic, parseTraffic } from '../../core/metrics/traffic.ts'
import type {
  RouterControl,
  RouterLogEntry,
  RouterStatus,
  RoutingChange,
  RoutingTable,
} from '../../core/ports/routing/router-control.ts'
import { parseLogText } from '../log/log-text.ts'

export interface RouterControlOptions {
  readonly controlPath: string
  /** How long `apply` tries before it gives up; the table is delivered later all the same. */
  readonly applyTimeoutMs?: number
  /** False when somebody else reads the log, which has one reader: then `onLog` tells nothing. */
  readonly readsLog?: boolean
  readonly firstRetryMs?: number
  readonly longestRetryMs?: number
}

/** The agent's side of the control socket. It connects when there is a router, again and again. */
export function openRouterControl(options: RouterControlOptions): RouterControl {
  return new RouterControlClient(options)
}

interface Waiting {
  readonly revision: number
  resolve(): void
  reject(error: Error): void
}

class RouterControlClient implements RouterControl {
  private readonly controlPath: string
  private readonly applyTimeoutMs: number
  private readonly firstRetryMs: number
  private readonly longestRetryMs: number
  private readonly connections = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  private readonly listeners = new Set<(entry: RouterLogEntry) => void>()
  private readonly closed = new AbortController()
  private table: RoutingTable | null = null
  /** What the router has, as far as we know. */
  private delivered: RoutingTable | null = null
  private waiting: Waiting[] = []
  private isDelivering = false
  private sending: Promise<boolean> = Promise.resolve(true)
  private following: Promise<void> | null = null
  private lastError: Error | null = null

  constructor(options: RouterControlOptions) {
    this.controlPath = options.controlPath
    this.applyTimeoutMs = options.applyTimeoutMs ?? 30_000
    this.firstRetryMs = options.firstRetryMs ?? 50
    this.longestRetryMs = options.longestRetryMs ?? 2000
    if (options.readsLog !== false) this.following = this.follow()
  }

  apply(table: RoutingTable): Promise<void> {
    this.table = table
    const applied = new Promise<void>((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.waiting = this.waiting.filter((other) => other !== waiting)
        settle()
      }
      const waiting: Waiting = {
        revision: table.revision,
        resolve: () => finish(resolve),
        reject: (error) => finish(() => reject(error)),
      }
      const timer = setTimeout(() => {
        const why = this.lastError ? `: ${this.lastError.message}` : ''
        waiting.reject(new Error(`The router took no routing table in ${this.applyTimeoutMs} ms${why}`))
      }, this.applyTimeoutMs)
      this.waiting.push(waiting)
    })
    void this.deliver()
    return applied
  }

  async drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean> {
    if (dynoIds.length === 0) return true
    const query = new URLSearchParams(dynoIds.map((id) => ['dyno', id]))
    const end = performance.now() + deadlineMs
    for (let retryMs = this.firstRetryMs; ; retryMs = await this.pause(retryMs)) {
      query.set('deadline_ms', String(Math.max(0, Math.round(end - performance.now()))))
      try {
        return ((await this.call('GET', `/drained?${query}`)) as { drained: boolean }).drained
      } catch (error) {
        // A router that restarts meanwhile is asked again.
        if (error instanceof Refused || this.isClosed || performance.now() >= end) throw error
      }
    }
  }

  onLog(listener: (entry: RouterLogEntry) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async status(): Promise<RouterStatus> {
    return (await this.call('GET', '/status')) as RouterStatus
  }

  async takeTraffic(): Promise<AppTraffic[]> {
    return parseTraffic(await this.call('POST', '/traffic'))
  }

  async wanted(signal: AbortSignal): Promise<readonly string[]> {
    return ((await this.call('GET', '/wanted', undefined, signal)) as { apps: string[] }).apps
  }

  async close(): Promise<void> {
    this.closed.abort()
    for (const waiting of [...this.waiting]) waiting.reject(new Error('The connection to the router was closed.'))
    this.connections.destroy()
    await this.following
  }

  /** Sends the newest table until the router has it. */
  private async deliver(): Promise<void> {
    if (this.isDelivering) return
    this.isDelivering = true
    for (let retryMs = this.firstRetryMs; this.waiting.length > 0 && !this.isClosed; ) {
      const delivered = await this.deliverOnce()
      if (delivered) retryMs = this.firstRetryMs
      else retryMs = await this.pause(retryMs)
    }
    this.isDelivering = false
  }

  /** One after the other: a table that overtakes a newer one would take its place. */
  private deliverOnce(): Promise<boolean> {
    this.sending = this.sending.then(() => this.sendNewest())
    return this.sending
  }

  private async sendNewest(): Promise<boolean> {
    const { table } = this
    if (!table) return true
    try {
      await this.send(table)
    } catch (error) {
      this.lastError = error as Error
      // The router understood and refuses: trying again would change nothing.
      if (!(error instanceof Refused)) return false
      for (const waiting of [...this.waiting]) if (waiting.revision <= table.revision) waiting.reject(error)
      return true
    }
    for (const waiting of [...this.waiting]) if (waiting.revision <= table.revision) waiting.resolve()
    return true
  }

  /** What changed, if the router has the table that was sent last; else all of it. */
  private async send(table: RoutingTable): Promise<void> {
    const { delivered } = this
    this.delivered = null
    if (delivered && delivered.revision < table.revision) {
      const { status } = await this.request('PATCH', '/routes', differenceOf(delivered, table))
      if (status === 200) {
        this.delivered = table
        return
      }
    }
    await this.call('PUT', '/routes', table)
    this.delivered = table
  }

  /** Reads the log; a new connection means a router that may have restarted, and gets the table again. */
  private async follow(): Promise<void> {
    for (let retryMs = this.firstRetryMs; !this.isClosed; ) {
      const startedAt = performance.now()
      await this.followOnce().catch((error: Error) => {
        this.lastError = error
      })
      // It was up for a while: begin again with short pauses.
      if (performance.now() - startedAt > this.longestRetryMs) retryMs = this.firstRetryMs
      retryMs = await this.pause(retryMs)
    }
  }

  private followOnce(): Promise<void> {
    return new Promise((resolve, reject) => {
      const log = request({ socketPath: this.controlPath, path: '/log', agent: false, signal: this.closed.signal })
      log.on('error', reject)
      log.on('response', (response) => {
        this.delivered = null
        void this.deliverOnce()
        let rest = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          rest = parseLogText(rest + text, (entry) => {
            for (const listener of this.listeners) listener(entry)
          })
        })
        response.on('error', reject)
        response.on('close', resolve)
      })
      log.end()
    })
  }

  private async call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const { status, text } = await this.request(method, path, body, signal)
    if (status !== 200) throw new Refused(`The router refused ${method} ${path}: ${text.trim()}`)
    return JSON.parse(text)
  }

  private request(
    method: string,
    path: string,
    body?: unknown,
    given?: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { controlPath: socketPath, connections: agent } = this
      const signal = given ? AbortSignal.any([given, this.closed.signal]) : this.closed.signal
      const call = request({ socketPath, method, path, agent, signal })
      call.on('error', (error) => reject(new Error(`The router can't be reached: ${error.message}`)))
      call.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** Waits, and returns how long to wait the next time. */
  private pause(durationMs: number): Promise<number> {
    return new Promise((resolve) => {
      if (this.isClosed) return resolve(durationMs)
      const finish = () => {
        clearTimeout(timer)
        this.closed.signal.removeEventListener('abort', finish)
        resolve(Math.min(durationMs * 2, this.longestRetryMs))
      }
      const timer = setTimeout(finish, durationMs * (0.5 + Math.random() / 2))
      this.closed.signal.addEventListener('abort', finish)
    })
  }

  private get isClosed(): boolean {
    return this.closed.signal.aborted
  }
}

class Refused extends Error {}

/** Apps are compared as objects: whoever makes tables keeps the ones that are as they were. */
function differenceOf(before: RoutingTable, { apps, revision }: RoutingTable): RoutingChange {
  const known = new Map(before.apps.map((app) => [app.id, app]))
  const changed = apps.filter((app) => known.get(app.id) !== app)
  for (const { id } of apps) known.delete(id)
  return { base: before.revision, revision, apps: changed, removed: [...known.keys()] }
}
