import type { ApiPorts } from '../../core/client/api-ports.ts'
import type { Authority } from '../tls/authority.ts'
import type { PortContext } from './answer-request.ts'
import { claimPort } from './claim-port.ts'
import { isOwnGateway } from './identity.ts'
import { PortServer } from './port-server.ts'

export interface ServerPortOptions extends Omit<PortContext, 'port'> {
  readonly ports: ApiPorts
  readonly authority: Authority
  readonly patienceMs?: number
}

export interface ApiAddress {
  readonly port: number
  /** False while another Hearth of the same user serves it. */
  readonly isServedHere: boolean
}

/** How often one that stands by looks whether the other has gone. */
const standByMs = 1_000

/** One server's port: served by this program, or watched until the program that serves it goes. */
export class ServerPort {
  readonly #options: ServerPortOptions
  readonly #server: PortServer
  #port = 0
  #isListening = false
  #timer: NodeJS.Timeout | undefined
  #claiming: Promise<void> = Promise.resolve()

  private constructor(options: ServerPortOptions) {
    this.#options = options
    const ask = () => ({ ...options, port: this.#listeningPort })
    this.#server = new PortServer(ask, options.authority, options.patienceMs)
  }

  static async open(options: ServerPortOptions): Promise<ServerPort> {
    const port = new ServerPort(options)
    await port.#claim()
    return port
  }

  /** Clients may come before the claim is noted. */
  get #listeningPort(): number {
    const address = this.#server.server.address()
    return address !== null && typeof address === 'object' ? address.port : this.#port
  }

  get address(): ApiAddress {
    return { port: this.#port, isServedHere: this.#isListening }
  }

  dropConnections(): void {
    this.#server.dropConnections()
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#claiming
    clearTimeout(this.#timer)
    if (this.#isListening) await this.#server.close()
  }

  async #claim(): Promise<void> {
    const { serverId, ports, token } = this.#options
    const isOurs = (port: number) => isOwnGateway({ port, serverId }, token.text)
    const claim = await claimPort(this.#server.server, { serverId, ports, isOurs })
    this.#port = claim.at.port
    this.#isListening = claim.state === 'listening'
    if (!this.#isListening) this.#standBy()
  }

  #standBy(): void {
    this.#timer = setTimeout(() => {
      this.#claiming = this.#claim().catch((error) => {
        this.#options.onError('The gateway could not take a port over', error)
        this.#standBy()
      })
    }, standByMs)
    this.#timer.unref()
  }
}
