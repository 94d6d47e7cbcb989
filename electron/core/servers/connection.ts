import type { Duplex } from 'node:stream'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Agent } from '../ports/agent.ts'
import type { AgentDoor } from '../ports/agent-door.ts'
import type { Link, LinkedAgent } from '../ports/link.ts'
import { HostKeyError } from '../ports/transport.ts'
import { backOffMs } from './back-off.ts'
import { attemptsOf, type ConnectionEvent, type ConnectionState, initialState, next } from './connection-state.ts'
import { fingerprintOf } from './host-key.ts'

export interface ConnectionOptions {
  readonly name: () => string
  readonly link: Link
  readonly onState: (state: ConnectionState) => void
  /** Runs while connected; its signal ends with the connection. */
  readonly onConnected: (agent: Agent, signal: AbortSignal) => void
}

/**
 * Keeps one server connected: tries, serves, notices the end, waits longer each time, tries again. Stops by itself
 * only where a human must decide: another host key, or nobody there to talk to.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #abort = new AbortController()
  #state: ConnectionState = initialState
  #linked: LinkedAgent | null = null
  #wake: (() => void) | null = null
  #running: Promise<void> | null = null
  #isRenewing = false
  #attempt: AbortController | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  open(): void {
    this.#running ??= this.#run()
  }

  /** At once, whatever the wait would be: the user asked, the laptop woke, a key was trusted. */
  retry(): void {
    if (this.#state.state === 'online') return
    if (this.#state.state !== 'connecting') this.#move({ kind: 'retry' })
    this.#wake?.()
  }

  /** The way to the server is another now: what is open or under way ends, and a new try begins at once. */
  renew(): void {
    if (this.#linked) {
      this.#isRenewing = true
      void this.#linked.close()
      return
    }
    this.#attempt?.abort()
    this.retry()
  }

  agent(): Agent {
    return this.#require().agent
  }

  openDoor(): Promise<AgentDoor> {
    return this.#require().openDoor()
  }

  openRouter(): Promise<Duplex> {
    return this.#require().openRouter()
  }

  async close(): Promise<void> {
    this.#abort.abort()
    this.#wake?.()
    await this.#linked?.close()
    await this.#running
    await this.#options.link.close()
  }

  #require(): LinkedAgent {
    if (this.#linked && this.#state.state === 'online') return this.#linked
    const reason = 'reason' in this.#state && this.#state.reason ? ` ${this.#state.reason}` : ''
    throw new HearthError('unavailable', `${this.#options.name()} is not connected.${reason}`)
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      if (this.#state.state === 'connecting') await this.#connectOnce()
      else await this.#wait()
    }
  }

  async #connectOnce(): Promise<void> {
    const linked = await this.#tryConnect()
    if (!linked) return
    // Not every link can be stopped half way, and `close` closed what there was.
    if (this.#abort.signal.aborted) return linked.close()
    this.#linked = linked
    const ending = new AbortController()
    this.#move({ kind: 'connected', latencyMs: await linked.agent.ping().catch(() => null) })
    this.#options.onConnected(linked.agent, AbortSignal.any([ending.signal, this.#abort.signal]))
    const reason = await linked.agent.closed
    ending.abort()
    this.#linked = null
    if (this.#abort.signal.aborted) return linked.close()
    if (this.#isRenewing) {
      this.#isRenewing = false
      this.#move({ kind: 'retry' })
      return linked.close()
    }
    const sentence = reason
      ? `The connection was lost: ${reason.message.replace(/\.$/, '')}.`
      : 'The server closed the connection.'
    // Said first: what is left of a dead connection takes a moment to close.
    this.#move({ kind: 'lost', reason: sentence, retryInMs: backOffMs(0, Math.random()), now: Date.now() })
    await linked.close()
  }

  async #tryConnect(): Promise<LinkedAgent | null> {
    this.#attempt = new AbortController()
    const signal = AbortSignal.any([this.#abort.signal, this.#attempt.signal])
    try {
      return await this.#options.link.connect(signal)
    } catch (error) {
      if (!signal.aborted) this.#move(this.#describeFailure(error))
      return null
    }
  }

  #describeFailure(error: unknown): ConnectionEvent {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof HostKeyError) {
      return { kind: 'host-key-changed', reason, fingerprint: fingerprintOf(error.presented) }
    }
    if (error instanceof HearthError && error.id === 'needs_system_ssh') return { kind: 'needs-system-ssh', reason }
    if (error instanceof HearthError && (error.id === 'forbidden' || error.id === 'not_found')) {
      const why = `${this.#options.name()} does not let this desktop in: Hearth is not installed there, or does not know this desktop's key. Installing mends both and keeps what is there.`
      return { kind: 'refused', reason: error.id === 'forbidden' ? why : reason }
    }
    const retryInMs = backOffMs(attemptsOf(this.#state), Math.random())
    return { kind: 'failed', reason, retryInMs, now: Date.now() }
  }

  /** Until the time of the next try, or for ever where a human must decide; `retry` and `close` end it. */
  async #wait(): Promise<void> {
    const state = this.#state
    await new Promise<void>((resolve) => {
      const timer = state.state === 'offline' ? setTimeout(resolve, state.retryAt - Date.now()) : null
      this.#wake = () => {
        if (timer) clearTimeout(timer)
        resolve()
      }
      if (this.#abort.signal.aborted) this.#wake()
    })
    this.#wake = null
    if (this.#state.state === 'offline' && !this.#abort.signal.aborted) this.#move({ kind: 'retry' })
  }

  #move(event: ConnectionEvent): void {
    this.#state = next(this.#state, event)
    this.#options.onState(this.#state)
  }
}
