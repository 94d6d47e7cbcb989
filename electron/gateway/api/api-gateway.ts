import type { ApiPorts } from '../../core/client/api-ports.ts'
import type { ApiToken } from '../../core/client/api-token.ts'
import type { AgentDoor } from '../../core/ports/agent-door.ts'
import { Attachments } from '../attach/attachments.ts'
import type { Authority } from '../tls/authority.ts'
import { type ApiAddress, ServerPort } from './server-port.ts'

export interface ApiGatewayOptions {
  readonly token: ApiToken
  readonly ports: ApiPorts
  readonly authority: Authority
  /** The servers of now; `onServersChange` tells when to ask again. */
  readonly serverIds: () => readonly string[]
  readonly onServersChange: (listener: () => void) => () => void
  /** Asked for each request. Throws HearthError `unavailable`, at once and with the reason, while the server is offline. */
  readonly openDoor: (serverId: string) => Promise<AgentDoor>
  /** Where a browser of this computer reaches an app of a server; null when it can't. */
  readonly appUrl: (serverId: string, app: string) => string | null
  readonly onError: (message: string, error: unknown) => void
  /** How long a client may take to say what it wants; 10 seconds. */
  readonly patienceMs?: number
}

/**
 * The API of every server on a port of 127.0.0.1 of its own, for programs of this computer: the stock heroku client, git,
 * scripts. Of several Hearths with the same data one serves and the others stand by.
 */
export class ApiGateway {
  readonly #options: ApiGatewayOptions
  readonly #attachments = new Attachments()
  readonly #ports = new Map<string, ServerPort>()
  readonly #abort = new AbortController()
  #changing: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => {}

  private constructor(options: ApiGatewayOptions) {
    this.#options = options
  }

  static async open(options: ApiGatewayOptions): Promise<ApiGateway> {
    const gateway = new ApiGateway(options)
    gateway.#unsubscribe = options.onServersChange(() => void gateway.#follow())
    // What was opened with the old token must not outlive it.
    options.token.onRevoked(() => gateway.dropConnections(), gateway.#abort.signal)
    await gateway.#follow()
    return gateway
  }

  /** Where a server's API is answered; null before its port is opened. */
  addressOf(serverId: string): ApiAddress | null {
    return this.#ports.get(serverId)?.address ?? null
  }

  dropConnections(): void {
    for (const port of this.#ports.values()) port.dropConnections()
  }

  async close(): Promise<void> {
    this.#abort.abort()
    this.#unsubscribe()
    await this.#changing
    await Promise.all([...this.#ports.values()].map((port) => port.close()))
    await this.#options.token.close()
  }

  /** One port after the other, so that two servers never reach for the same one. */
  #follow(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change()).catch((error) => this.#options.onError(problem, error))
    return this.#changing
  }

  async #change(): Promise<void> {
    if (this.#abort.signal.aborted) return
    const wanted = this.#options.serverIds()
    for (const [serverId, port] of this.#ports) {
      if (wanted.includes(serverId)) continue
      this.#ports.delete(serverId)
      await port.close()
    }
    for (const serverId of wanted) if (!this.#ports.has(serverId)) await this.#openPort(serverId)
  }

  async #openPort(serverId: string): Promise<void> {
    const openDoor = () => this.#options.openDoor(serverId)
    const appUrl = (app: string) => this.#options.appUrl(serverId, app)
    const own = { serverId, openDoor, appUrl, attachments: this.#attachments }
    this.#ports.set(serverId, await ServerPort.open({ ...this.#options, ...own }))
  }
}

const problem = 'The gateway could not open a port'
