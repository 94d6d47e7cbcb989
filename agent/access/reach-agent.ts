import net, { type Socket } from 'node:net'
import { HearthError } from '../contract/errors.ts'

/**
 * A connection to the agent; HearthError `unavailable` when nobody answers there. One that stays half open does not end
 * with the agent's end of it.
 */
export async function reachAgent(socketPath: string, allowHalfOpen: boolean): Promise<Socket> {
  const socket = net.connect({ path: socketPath, allowHalfOpen })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', (cause) =>
      reject(new HearthError('unavailable', 'The agent is not running on this server.', { cause })),
    )
  })
  return socket
}
