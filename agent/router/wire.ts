import type { Socket } from 'node:net'

const wires = new WeakMap<Socket, Socket>()

/** `secure` speaks TLS over `wire`. */
export function layOver(secure: Socket, wire: Socket): void {
  wires.set(secure, wire)
}

/** The connection that the kernel knows, whatever is spoken over it. */
export const wireOf = (socket: Socket): Socket => wires.get(socket) ?? socket

/** Has the kernel keep what comes, until it is taken again. For what is read without Node's streams: they would hear nothing of it. */
export function holdInput(socket: Socket, isHeld: boolean): void {
  const { _handle: handle } = wireOf(socket) as unknown as { readonly _handle: InputHandle | null }
  if (isHeld) handle?.readStop()
  // While something waits to be written Node's HTTP/2 reads nothing, and goes on by itself then: what came before would pile up there.
  else if (handle?.writeQueueSize === 0) handle.readStart()
}

/** Of Node's sockets; not in its documentation, and the same since Node 10. */
interface InputHandle {
  readonly writeQueueSize: number
  readStart(): void
  readStop(): void
}

/** Ends it so that the other side knows that what it got is not whole. */
export function cutOff(socket: Socket): void {
  const wire = wireOf(socket)
  wire.resetAndDestroy()
  if (wire !== socket) socket.destroy()
}
