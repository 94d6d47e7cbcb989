// Electron's MessagePortMain as far as Hearth uses it, between two ends of this process.
import { EventEmitter } from 'node:events'

export class StandInPort extends EventEmitter {
  other: StandInPort | null = null
  #waiting: unknown[] | null = []
  #isClosed = false

  postMessage(data: unknown): void {
    this.other?.receive(data)
  }

  receive(data: unknown): void {
    if (this.#waiting) this.#waiting.push(data)
    else this.emit('message', { data })
  }

  start(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const data of waiting) this.emit('message', { data })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.emit('close')
    this.other?.close()
  }
}

export class StandInChannel {
  readonly port1 = new StandInPort()
  readonly port2 = new StandInPort()

  constructor() {
    this.port1.other = this.port2
    this.port2.other = this.port1
  }
}

/** A process or a page at the far end of ports that were handed over to it. */
export class PortCarrier {
  readonly #ports = new Map<number, StandInPort>()
  readonly #send: (message: { kind: 'port' | 'port-close'; id: number; data?: unknown }) => void
  static #lastId = 0

  constructor(send: (message: { kind: 'port' | 'port-close'; id: number; data?: unknown }) => void) {
    this.#send = send
  }

  /** The number by which the far end knows the port from now on. */
  hand(port: StandInPort): number {
    PortCarrier.#lastId += 1
    const id = PortCarrier.#lastId
    this.#ports.set(id, port)
    port.on('message', ({ data }: { data: unknown }) => this.#send({ kind: 'port', id, data }))
    port.on('close', () => {
      if (this.#ports.delete(id)) this.#send({ kind: 'port-close', id })
    })
    port.start()
    return id
  }

  receive(id: number, data: unknown): void {
    this.#ports.get(id)?.postMessage(data)
  }

  close(id: number): void {
    const port = this.#ports.get(id)
    this.#ports.delete(id)
    port?.close()
  }

  /** The far end is gone, and its ports with it. */
  closeAll(): void {
    for (const id of [...this.#ports.keys()]) this.close(id)
  }
}
