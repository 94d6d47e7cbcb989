import type { Store } from '../../../agent/core/ports/store.ts'
import type { PlatformPorts } from '../../../agent/operations/platform.ts'

/**
 * Puts itself between an agent and its ports and kills the agent at the Nth thing that it does to the world: that
 * call does not happen, and nothing that the agent does afterwards has any effect, as with `kill -9`.
 */
export class Killer {
  #callsLeft = Number.POSITIVE_INFINITY
  #isDead = false
  /** What the agent was about to do when it was killed. */
  lastCall: string | null = null

  get hasKilled(): boolean {
    return this.#isDead
  }

  /** Counting starts now. */
  arm(calls: number): void {
    this.#callsLeft = calls
  }

  wrap = (ports: PlatformPorts): PlatformPorts => ({
    ...ports,
    store: this.#wrapStore(ports.store),
    runner: this.#wrapPort('runner', ports.runner),
    router: this.#wrapPort('router', ports.router),
    slugs: this.#wrapPort('slugs', ports.slugs),
    report: () => undefined,
  })

  #wrapStore(store: Store): Store {
    const nouns = Object.entries(store).map(([noun, value]) => {
      if (noun === 'transaction')
        return [noun, (change: () => unknown) => store.transaction(() => this.#commit(change))]
      return [noun, typeof value === 'object' ? this.#wrapNoun(noun, value) : value]
    })
    return Object.fromEntries(nouns)
  }

  /** Dying inside a transaction undoes it. */
  #commit(change: () => unknown): unknown {
    const result = change()
    this.#strike('store.commit')
    return result
  }

  #wrapNoun(noun: string, rows: object): object {
    return new Proxy(rows, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...parameters: unknown[]) => {
          // Output is saved by a timer of its own, now earlier, now later: counted, it would shift the steps after it.
          if (/^(insert|update|put|set|remove|destroy|create|finish)$/.test(String(name))) {
            this.#strike(`store.${noun}.${String(name)}`)
          }
          if (this.#isDead) throw new Error('This agent is dead.')
          return method.apply(target, parameters)
        }
      },
    })
  }

  #wrapPort<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property)
        if (typeof method !== 'function') return method
        return (...parameters: unknown[]) => {
          if (!this.#isDead) this.#count(`${name}.${String(property)}`)
          // A dead agent hears no answer.
          if (this.#isDead) return new Promise(() => undefined)
          const answer: unknown = method.apply(target, parameters)
          return answer instanceof Promise ? answer.finally(() => this.#isDead && new Promise(() => undefined)) : answer
        }
      },
    })
  }

  #strike(call: string): void {
    if (this.#isDead) throw new Error('This agent is dead.')
    this.#count(call)
    if (this.#isDead) throw new Error('This agent is dead.')
  }

  #count(call: string): void {
    this.#callsLeft -= 1
    if (this.#callsLeft > 0) return
    this.#isDead = true
    this.lastCall = call
  }
}
