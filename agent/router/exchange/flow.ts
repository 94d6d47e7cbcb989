import type { Socket } from 'node:net'
import { wireOf } from '../wire.ts'

/**
 * Bytes that the socket was given and that the kernel has not taken yet. Node counts a large write as one until its last byte has gone;
 * only the handle sees it shrink, and tells a slow receiver from a dead one.
 */
export function unsentBytes(socket: Socket): number {
  const handle = (wireOf(socket) as unknown as { _handle?: { writeQueueSize?: number } | null })._handle
  return socket.writableLength + (handle?.writeQueueSize ?? 0)
}
