import net from 'node:net'
import type { Duplex } from 'node:stream'

/** What Node's HTTP client asks of a socket; a channel of an SSH connection has none of it and needs none. */
const socketMethods = ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref'] as const

export function dressAsSocket(stream: Duplex): Duplex {
  if (stream instanceof net.Socket) return stream
  for (const name of socketMethods) {
    if (!(name in stream)) Object.defineProperty(stream, name, { value: () => stream })
  }
  return stream
}
