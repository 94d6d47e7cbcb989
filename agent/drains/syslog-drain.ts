import { once } from 'node:events'
import net, { type LookupFunction, type Socket } from 'node:net'
import tls from 'node:tls'
import type { DrainPlace } from '../core/logs/drain-url.ts'
import type { Drain } from '../core/ports/logs/drain.ts'
import { renderFrames } from './frames.ts'

const timeoutMs = 10_000

/**
 * Frames over one connection that is kept. Nothing comes back in this protocol: what was written and the other side lost
 * stays lost, as with every syslog over TCP.
 */
export function openSyslogDrain(place: DrainPlace, token: string, lookup: LookupFunction | undefined): Drain {
  let socket: Socket | null = null
  const drop = () => {
    socket?.destroy()
    socket = null
  }
  return {
    async send(lines, _frameId, signal) {
      try {
        if (socket === null || socket.destroyed || socket.readableEnded) {
          drop()
          socket = await connect(place, lookup, signal)
        }
        await write(socket, renderFrames(lines, token).bytes, signal)
        return { kind: 'taken' }
      } catch (error) {
        drop()
        throw error
      }
    },
    close: drop,
  }
}

async function connect(place: DrainPlace, lookup: LookupFunction | undefined, signal: AbortSignal): Promise<Socket> {
  const { host, port, isEncrypted } = place
  const where = { host, port, ...(lookup ? { lookup } : {}) }
  const socket = isEncrypted
    ? tls.connect({ ...where, ...(net.isIP(host) ? {} : { servername: host }) })
    : net.connect(where)
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    await once(socket, isEncrypted ? 'secureConnect' : 'connect', { signal: limit })
  } catch (error) {
    socket.destroy()
    throw limit.aborted && !signal.aborted ? new Error(`no connection within ${timeoutMs / 1000} s`) : error
  }
  // What goes wrong between two sendings is seen by the next one.
  socket.on('error', () => socket.destroy())
  // Whatever it says is not for us; unread it would stop the connection from noticing its end.
  socket.resume()
  return socket
}

async function write(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  await new Promise<void>((resolve, reject) => {
    const onAbort = () =>
      reject(signal.aborted ? signal.reason : new Error(`nothing was taken for ${timeoutMs / 1000} s`))
    limit.addEventListener('abort', onAbort, { once: true })
    socket.write(bytes, (error) => {
      limit.removeEventListener('abort', onAbort)
      if (error) reject(error)
      else resolve()
    })
  })
}
