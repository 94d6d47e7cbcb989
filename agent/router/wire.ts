import type { Socket } from 'node:net'

const wires = new WeakMap<Socket, Socket>()

/** `secure` speaks TLS over `wire`. */
export function layOver(secure: Socket, wire: Socket): void {
  wires.set(secure, wire)
}

/** The connection that the kernel knows, whatever is spoken over it. */
export const wireOf = (socket: Socket): Socket => wires.get(socket) ?? socket

/** Ends it so that the other side knows that what it got is not whole. */
export function cutOff(socket: Socket): void {
  const wire = wireOf(socket)
  wire.resetAndDestroy()
  if (wire !== socket) socket.destroy()
}
