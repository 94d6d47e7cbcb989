import type { Bridge, BridgeStream, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import { RpcStream } from './rpc-stream.ts'
import type { Wire } from './wire.ts'

type ServerFrame =
  | { t: 'ok'; i: number; r: unknown }
  | { t: 'error'; i: number; e: ErrorEnvelope }
  | { t: 'end'; i: number }
  | { t: 'credit'; i: number; c: number }

interface PendingCall {
  resolve(result: never): void
  reject(error: ErrorEnvelope): void
}

export interface RpcBridge extends Bridge {
  /** Resolves with the reason once the wire is gone; everything pending has been rejected by then. */
  readonly closed: Promise<string>
}

/** The bridge over a wire. Results are not checked again here: the other side has done it at its door. */
export function connectBridge(wire: Wire): RpcBridge {
  const pending = new Map<number, PendingCall>()
  const streams = new Map<number, RpcStream<never>>()
  let nextId = 1
  let closedReason: string | null = null
  const closed = Promise.withResolvers<string>()

  const send = (frame: object) => {
    if (closedReason === null) wire.send(JSON.stringify(frame))
  }

  wire.onMessage = (message) => {
    if (typeof message === 'string') receiveFrame(JSON.parse(message) as ServerFrame)
    else receiveBytes(message)
  }
  wire.onClose = (reason) => {
    if (closedReason !== null) return
    closedReason = reason
    const error = unavailable(reason)
    for (const call of pending.values()) call.reject(error)
    for (const stream of streams.values()) stream.fail(error)
    pending.clear()
    streams.clear()
    closed.resolve(reason)
  }

  function receiveFrame(frame: ServerFrame): void {
    const stream = streams.get(frame.i)
    if (frame.t === 'end') stream?.receiveEnd()
    else if (frame.t === 'credit') stream?.receiveCredit(frame.c)
    else settle(frame, stream)
  }

  function settle(frame: ServerFrame & { t: 'ok' | 'error' }, stream: RpcStream<never> | undefined): void {
    const waiting = stream ?? pending.get(frame.i)
    pending.delete(frame.i)
    streams.delete(frame.i)
    if (frame.t === 'ok') waiting?.resolve(frame.r as never)
    else waiting?.reject(frame.e)
  }

  function receiveBytes(message: Uint8Array): void {
    const id = new DataView(message.buffer, message.byteOffset).getUint32(0)
    streams.get(id)?.receiveBytes(message.subarray(4))
  }

  return {
    closed: closed.promise,
    call: (name, parameters) => {
      if (closedReason !== null) return Promise.reject(unavailable(closedReason))
      const id = nextId++
      const call = Promise.withResolvers<never>()
      pending.set(id, call)
      send({ t: 'call', i: id, n: name, p: parameters })
      return call.promise
    },
    open: (name, parameters) => {
      const id = nextId++
      const stream = new RpcStream<never>(id, { send, sendBytes: (bytes) => wire.send(bytes) })
      if (closedReason !== null) stream.fail(unavailable(closedReason))
      else {
        streams.set(id, stream)
        send({ t: 'open', i: id, n: name, p: parameters })
      }
      return stream as BridgeStream<never>
    },
  }
}

function unavailable(reason: string): ErrorEnvelope {
  return { id: 'unavailable', message: reason, detail: null }
}
