import type {
  Bridge,
  CallName,
  CallParameters,
  CallResult,
  ErrorEnvelope,
  StreamName,
  StreamParameters,
  StreamResult,
} from '../../../electron/bridge/contract.ts'
import { RpcStream } from './rpc-stream.ts'
import type { Wire } from './wire.ts'

type ServerFrame =
  | { t: 'ok'; i: number; r: unknown }
  | { t: 'error'; i: number; e: ErrorEnvelope }
  | { t: 'end'; i: number }
  | { t: 'credit'; i: number; c: number }

interface Waiting {
  resolve(result: unknown): void
  reject(error: ErrorEnvelope): void
}

export interface RpcBridge extends Bridge {
  /** Resolves with the reason once the wire is gone; everything pending has been rejected by then. */
  readonly closed: Promise<string>
}

/** The bridge over a wire. Results are not checked again here: the other side has done it at its door. */
export const connectBridge = (wire: Wire): RpcBridge => new RpcClient(wire)

class RpcClient implements RpcBridge {
  readonly closed: Promise<string>
  readonly #wire: Wire
  readonly #calls = new Map<number, Waiting>()
  readonly #streams = new Map<number, RpcStream<unknown>>()
  readonly #closing = Promise.withResolvers<string>()
  #nextId = 1
  #closedReason: string | null = null

  constructor(wire: Wire) {
    this.#wire = wire
    this.closed = this.#closing.promise
    wire.onMessage = (message) => {
      if (typeof message === 'string') this.#receiveFrame(JSON.parse(message) as ServerFrame)
      else this.#receiveBytes(message)
    }
    wire.onClose = (reason) => this.#close(reason)
  }

  call<N extends CallName>(name: N, parameters: CallParameters<N>): Promise<CallResult<N>> {
    if (this.#closedReason !== null) return Promise.reject(unavailable(this.#closedReason))
    const id = this.#nextId++
    const call = Promise.withResolvers<unknown>()
    this.#calls.set(id, call)
    this.#send({ t: 'call', i: id, n: name, p: parameters })
    return call.promise as Promise<CallResult<N>>
  }

  open<N extends StreamName>(name: N, parameters: StreamParameters<N>): RpcStream<StreamResult<N>> {
    const id = this.#nextId++
    const stream = new RpcStream<StreamResult<N>>(id, {
      send: (frame) => this.#send(frame),
      sendBytes: (bytes) => this.#wire.send(bytes),
    })
    if (this.#closedReason !== null) stream.reject(unavailable(this.#closedReason))
    else {
      this.#streams.set(id, stream as RpcStream<unknown>)
      this.#send({ t: 'open', i: id, n: name, p: parameters })
    }
    return stream
  }

  #send(frame: object): void {
    if (this.#closedReason === null) this.#wire.send(JSON.stringify(frame))
  }

  #receiveFrame(frame: ServerFrame): void {
    const stream = this.#streams.get(frame.i)
    if (frame.t === 'end') stream?.receiveEnd()
    else if (frame.t === 'credit') stream?.receiveCredit(frame.c)
    else this.#settle(frame, stream)
  }

  #settle(frame: ServerFrame & { t: 'ok' | 'error' }, stream: Waiting | undefined): void {
    const waiting = stream ?? this.#calls.get(frame.i)
    this.#calls.delete(frame.i)
    this.#streams.delete(frame.i)
    if (frame.t === 'ok') waiting?.resolve(frame.r)
    else waiting?.reject(frame.e)
  }

  #receiveBytes(message: Uint8Array): void {
    const id = new DataView(message.buffer, message.byteOffset).getUint32(0)
    this.#streams.get(id)?.receiveBytes(message.subarray(4))
  }

  #close(reason: string): void {
    if (this.#closedReason !== null) return
    this.#closedReason = reason
    for (const waiting of [...this.#calls.values(), ...this.#streams.values()]) waiting.reject(unavailable(reason))
    this.#calls.clear()
    this.#streams.clear()
    this.#closing.resolve(reason)
  }
}

function unavailable(reason: string): ErrorEnvelope {
  return { id: 'unavailable', message: reason, detail: null }
}
