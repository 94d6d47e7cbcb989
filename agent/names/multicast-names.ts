import type { Socket } from 'node:dgram'
import type { LocalNames } from '../core/ports/domains/name-system.ts'
import { type Answer, type NamedTypes, parseQuery, recordTypes, renderAnswers } from './multicast-packet.ts'

const group = '224.0.0.251'
const multicastPort = 5353

export interface MulticastOptions {
  addresses(): readonly string[]
  report(problem: string, cause: unknown): void
  /** Others than the standard's are for tests. */
  readonly port?: number
}

/**
 * Answers for names under `.local` (RFC 6762), beside Avahi or another responder where there is one: the port is shared. It asks nothing
 * and browses nothing, which is most of what libraries for it do.
 */
export class MulticastNames implements LocalNames {
  readonly #options: MulticastOptions
  #names = new Set<string>()
  #socket: Socket | null = null
  #opening: Promise<void> | null = null
  #isClosed = false

  constructor(options: MulticastOptions) {
    this.#options = options
  }

  /** Opens the network only once there is something to say. */
  async announce(names: readonly string[]): Promise<void> {
    const added = names.filter((name) => !this.#names.has(name))
    this.#names = new Set(names)
    if (names.length === 0 || this.#isClosed) return
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#options.report('names under .local are not announced', error)
    })
    await this.#opening
    const answers = added.flatMap((name) => this.#answersFor(name, recordTypes.ANY))
    if (answers.length > 0)
      this.#socket?.send(renderAnswers(answers, this.#typesOf(added)), multicastPort, group, () => {})
  }

  /** Where it listens; null when it does not. */
  get port(): number | null {
    return this.#socket?.address().port ?? null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    this.#socket?.close()
    this.#socket = null
  }

  async #open(): Promise<void> {
    const { createSocket } = await import('node:dgram')
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(this.#options.port ?? multicastPort, () => resolve())
    })
    socket.on('error', (error) => this.#options.report('answering for names under .local failed', error))
    socket.on('message', (packet, from) => this.#answer(packet, from))
    this.#socket = socket
    for (const address of this.#options.addresses()) {
      // An interface that can't is one that nobody asks on.
      if (!address.includes(':')) attempt(() => socket.addMembership(group, address))
    }
  }

  #answer(packet: Buffer, from: { address: string; port: number }): void {
    const query = parseQuery(packet)
    if (!query) return
    const known = query.questions.filter(({ name }) => this.#names.has(name))
    const answers = known.flatMap(({ name, type }) => this.#answersFor(name, type))
    const types = this.#typesOf(new Set(known.map(({ name }) => name)))
    if (types.length === 0) return
    const isPlainResolver = from.port !== multicastPort
    const isUnicast = isPlainResolver || query.questions.every(({ wantsUnicast }) => wantsUnicast)
    const bytes = renderAnswers(answers, types, isPlainResolver ? query : null)
    if (isUnicast) this.#socket?.send(bytes, from.port, from.address, () => {})
    else this.#socket?.send(bytes, multicastPort, group, () => {})
  }

  #answersFor(name: string, type: number): Answer[] {
    const addresses = this.#options.addresses()
    return addresses
      .filter((address) => type === typeOf(address) || type === recordTypes.ANY)
      .map((address) => ({ name, address }))
  }

  #typesOf(names: Iterable<string>): NamedTypes[] {
    const types = [...new Set(this.#options.addresses().map(typeOf))]
    return types.length === 0 ? [] : [...names].map((name) => ({ name, types }))
  }
}

const typeOf = (address: string): number => (address.includes(':') ? recordTypes.AAAA : recordTypes.A)

function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // Told nobody: see the caller.
  }
}
