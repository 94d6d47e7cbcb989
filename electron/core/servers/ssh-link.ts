import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { OpenDoor } from '../ports/agent-door.ts'
import type { Link, LinkedAgent, OpenAgent } from '../ports/link.ts'
import type { SshConnector, SshTarget, Transport } from '../ports/transport.ts'
import { SharedDoor } from './shared-door.ts'

export interface SshLinkOptions {
  /** Asked anew for each connection, as the target: the user may have chosen the other one. */
  readonly connector: () => SshConnector
  /** The trusted host keys may have changed. */
  readonly target: () => SshTarget
  readonly openAgent: OpenAgent
  readonly openDoor: OpenDoor
}

const minted = z.object({ token: z.string().min(1), expiresAt: z.iso.datetime(), socket: z.string().min(1) })
type Minted = z.infer<typeof minted>

/** A token is replaced when it has less than this left. */
const renewBeforeMs = 60 * 60 * 1000

/** The way to a server: one SSH connection as the `hearth` user, whose forced command mints tokens. */
export function linkSsh(options: SshLinkOptions): Link {
  return {
    async connect(signal) {
      const transport = await options.connector().connect(options.target(), signal)
      // What follows are questions to the server; on a dead network each would be waited for until it is given up.
      const abort = () => void transport.close()
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      try {
        return await linkTransport(transport, options)
      } catch (error) {
        await transport.close()
        throw error
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    close: async () => {},
  }
}

async function linkTransport(
  transport: Transport,
  { openAgent, openDoor }: Pick<SshLinkOptions, 'openAgent' | 'openDoor'>,
): Promise<LinkedAgent> {
  let current = await mint(transport)
  const token = async () => {
    if (Date.parse(current.expiresAt) - Date.now() < renewBeforeMs) current = await mint(transport)
    return current.token
  }
  const openSocket = () => openAgentSocket(transport, current.socket)
  const agent = await openAgent({ socket: await openSocket(), token })
  const { router } = await agent.call('getServer', {})
  const door = new SharedDoor(async () => openDoor({ socket: await openSocket(), token }))
  return {
    agent,
    openDoor: () => door.open(),
    openRouter: () => transport.openSocket(router.socket),
    async close() {
      const closing = Promise.all([door.close(), agent.close()])
      // Not after them: on a dead connection both wait for an answer, and only the transport ends without one.
      await transport.close()
      await closing
    },
  }
}

async function mint(transport: Transport): Promise<Minted> {
  const { status, stdout, stderr } = await transport.exec(['token'])
  if (status !== 0) {
    throw new HearthError(
      'not_found',
      `There is no working agent on this server: ${stderr.trim() || `status ${status}`}.`,
    )
  }
  const parsed = minted.safeParse(parseJson(stdout))
  if (!parsed.success) {
    throw new HearthError('not_found', 'What answers on this server is not an agent of Hearth. Install it.')
  }
  return parsed.data
}

/** Forwarding to the socket needs no program on the far side; where sshd forbids it, the forced command bridges. */
async function openAgentSocket(transport: Transport, path: string): Promise<Duplex> {
  try {
    return await transport.openSocket(path)
  } catch {
    const bridge = await transport.start(['stdio'])
    bridge.stderr.resume()
    return bridge.stream
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
