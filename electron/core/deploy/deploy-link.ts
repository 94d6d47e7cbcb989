import { setTimeout as sleep } from 'node:timers/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Agent } from '../ports/agent.ts'

export interface DeployLinkOptions {
  /** Throws `unavailable` while the server is offline. */
  readonly agent: () => Agent
  readonly signal: AbortSignal
  /** How long a lost connection may take to come back. */
  readonly reconnectMs: number
  readonly pollMs: number
}

/** The server did not come back in time: nothing is tried again after this. */
class StillOffline extends HearthError {}

const maximumLosses = 5

/** A connection that may be lost at any moment of a deploy. */
export class DeployLink {
  readonly #options: DeployLinkOptions

  constructor(options: DeployLinkOptions) {
    this.#options = options
  }

  /** The agent as soon as its server is online. */
  async connected(): Promise<Agent> {
    const { agent, signal, reconnectMs } = this.#options
    const deadline = performance.now() + reconnectMs
    for (;;) {
      signal.throwIfAborted()
      try {
        return agent()
      } catch (error) {
        if (!isConnectionLost(error)) throw error
        if (performance.now() > deadline) throw new StillOffline('unavailable', (error as HearthError).message)
        await this.pause()
      }
    }
  }

  /** Does it again on the next connection when this one is lost. */
  async attempt<T>(action: (agent: Agent) => Promise<T>): Promise<T> {
    for (let losses = 0; ; losses += 1) {
      this.#options.signal.throwIfAborted()
      try {
        return await unlessAborted(action(await this.connected()), this.#options.signal)
      } catch (error) {
        if (!isConnectionLost(error) || losses >= maximumLosses) throw error
        await this.pause()
      }
    }
  }

  /** Asks until the answer is no longer pending. */
  async settled<T extends { status: string }>(ask: (agent: Agent) => Promise<T>): Promise<T> {
    for (;;) {
      const answer = await this.attempt(ask)
      if (answer.status !== 'pending') return answer
      await this.pause()
    }
  }

  pause(): Promise<void> {
    return sleep(this.#options.pollMs, undefined, { signal: this.#options.signal })
  }
}

export function isConnectionLost(error: unknown): boolean {
  return error instanceof HearthError && error.id === 'unavailable' && !(error instanceof StillOffline)
}

/** Gives up waiting when the signal aborts: a server that is silent must not hold a cancelled deploy. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true, signal: over.signal })
    if (signal.aborted) giveUp()
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted])
  } finally {
    over.abort()
  }
}
