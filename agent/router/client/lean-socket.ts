import { Socket } from 'node:net'
import { ReadBuffer } from '../read-buffer.ts'

/** What Node keeps of an accepted connection; not in its documentation, and the same since Node 10. */
interface Accepted {
  _handle: { useUserBuffer?: unknown } | null
}

type DataListener = (chunk: Buffer) => void

const listeners = new WeakMap<Socket, { call: DataListener }>()

/**
 * The same connection without Node's memory for each read: `net` offers that (`onread`) for connections that one opens, not for
 * those that one accepts, and it is an eighth of a request's cost. `accepted` must not have begun to read (`pauseOnConnect`).
 */
export function leanSocket(accepted: Socket): Socket {
  const { _handle: handle } = accepted as unknown as Accepted
  // Another Node than the one that comes with us: what is documented does it too.
  if (!handle?.useUserBuffer) return accepted
  ;(accepted as unknown as Accepted)._handle = null
  const reads = new ReadBuffer()
  const listener = { call: (_chunk: Buffer): void => {} }
  const onread = {
    buffer: () => reads.next(),
    callback: (size: number) => {
      listener.call(reads.take(size))
      // A request's body may wait for a dyno or for the request before it.
      reads.keep()
      return true
    },
  }
  const socket = new Socket({ handle, allowHalfOpen: true, onread } as object)
  listeners.set(socket, listener)
  return socket
}

/** Calls back for what arrives on it, whatever kind of socket it is. Small pieces are lent (see `lentBytes`). */
export function readInto(socket: Socket, onData: DataListener): void {
  const listener = listeners.get(socket)
  if (listener) listener.call = onData
  else socket.on('data', onData)
}

/** Whoever reads next finds the rest in the socket. */
export function stopReading(socket: Socket): void {
  socket.pause()
  socket.removeAllListeners('data')
  const listener = listeners.get(socket)
  if (listener) listener.call = (chunk) => void socket.unshift(Buffer.from(chunk))
}
