import { createServer } from 'node:net'
import { HearthError } from '../contract/errors.ts'

/**
 * Below what any system takes for outgoing connections (Linux from 32,768, macOS and Windows from 49,152), or a
 * connection that somebody opens while a dyno starts could take its port.
 */
const [firstPort, ports] = [20_000, 12_000]

/** The ports of dynos that share this computer's loopback address. */
export class DynoPorts {
  readonly #host: string
  readonly #taken = new Set<number>()
  /** Each agent begins elsewhere: others on this computer look at the same ports. */
  #next = Math.floor(Math.random() * ports)

  constructor(host: string) {
    this.#host = host
  }

  /** One that no other dyno has and nobody listens on now. */
  async take(): Promise<number> {
    for (let tries = 0; tries < ports; tries++) {
      const port = firstPort + this.#next
      this.#next = (this.#next + 1) % ports
      if (this.#taken.has(port)) continue
      // Taken before it is looked at: others may look meanwhile.
      this.#taken.add(port)
      if (await isFree(this.#host, port)) return port
      this.#taken.delete(port)
    }
    throw new HearthError(
      'unavailable',
      `Each port of ${this.#host} from ${firstPort} to ${firstPort + ports - 1} is in use: no dyno can listen. Stop what holds them.`,
    )
  }

  release(port: number): void {
    this.#taken.delete(port)
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
