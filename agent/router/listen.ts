import { once } from 'node:events'
import { chmod, unlink } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

import { leanSocket } from './client/lean-socket.ts'

export type ListenTarget = ListenPlace & {
  /** Clients begin with TLS there. */
  readonly tls?: boolean
  /** Something of each connection is read before it is a client's: it stays Node's own. */
  readonly whole?: boolean
}

type ListenPlace =
  /** A listening socket that someone else opened for us, such as systemd. */
  | { readonly fd: number }
  | PortPlace
  /** A unix socket; `mode` says who may connect (0o600 if not given). */
  | { readonly path: string; readonly mode?: number }

interface PortPlace {
  readonly host: string
  readonly port: number
  /** Where somebody else has the port, one of the next, or after some of them any. */
  readonly orNext?: boolean
}

export type Listening = { readonly host: string; readonly port: number } | { readonly path: string }

export const firstInheritedFd = 3
/** Connections that wait to be accepted; a shorter queue loses some of a burst without a word to either side. */
const backlog = 4096
/** Tried one after another where the port may be another one. */
const nextPorts = 50

export interface InheritedListener {
  readonly fd: number
  readonly tls: boolean
}

/** The sockets that systemd opened for this process (sd_listen_fds(3)); the one for TLS has `https` for its name. */
export function inheritedListeners(env: Record<string, string | undefined>, pid: number): InheritedListener[] {
  if (Number(env.LISTEN_PID) !== pid) return []
  const count = Number(env.LISTEN_FDS ?? 0)
  const names = (env.LISTEN_FDNAMES ?? '').split(':')
  return Array.from({ length: count }, (_, index) => ({ fd: firstInheritedFd + index, tls: names[index] === 'https' }))
}

export async function openListener(target: ListenTarget, onConnection: (socket: Socket) => void): Promise<Server> {
  const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true }
  const server = createServer(options, (socket) =>
    onConnection(target.tls || target.whole ? socket : leanSocket(socket)),
  )
  if ('path' in target) await removeDeadSocket(target.path)
  const { tls: _, whole: __, ...place } = target
  await begin(server, place)
  // Too many open files, for instance: the next connection may do better.
  server.on('error', (error) => process.emitWarning(`The router's listener failed: ${error.message}`))
  if ('path' in target) await chmod(target.path, target.mode ?? 0o600)
  return server
}

/** Whoever looks for a free port first and listens then finds it taken now and again; so each is tried by listening. */
async function begin(server: Server, place: ListenPlace): Promise<void> {
  if (!('port' in place && place.orNext)) return listenAt(server, place)
  const { host, port } = place
  const ports = Array.from({ length: nextPorts }, (_, step) => port + step).filter((next) => next <= 65_535)
  for (const next of ports) {
    const error = await listenAt(server, { host, port: next }).catch((failure: NodeJS.ErrnoException) => failure)
    if (!error) return
    if (error.code !== 'EADDRINUSE') throw error
  }
  await listenAt(server, { host, port: 0 })
}

async function listenAt(server: Server, place: ListenPlace): Promise<void> {
  server.listen({ ...place, backlog })
  await once(server, 'listening')
}

export function addressOf(server: Server): Listening {
  const address = server.address() as AddressInfo | string
  return typeof address === 'string' ? { path: address } : { host: address.address, port: address.port }
}

export function portOf(server: Server): number | null {
  const address = server.address()
  return address === null || typeof address === 'string' ? null : address.port
}

/** A socket file that a killed process left behind would be in the way. One that answers is in use, and listening fails. */
export async function removeDeadSocket(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false))
    probe.once('connect', () => probe.destroy())
  })
  if (isAlive) return
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
