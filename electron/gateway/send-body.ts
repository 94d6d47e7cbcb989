import type { IncomingMessage } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import { HearthError } from '../../agent/contract/errors.ts'
import { drained } from '../core/drained.ts'

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/**
 * Sends a body as fast as it is taken. Unlike `pipeline`, a receiver that has heard enough does not end the sender's
 * connection, on which its answer is still to be sent.
 */
export async function sendBody(body: Readable, to: Writable): Promise<void> {
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    if (to.destroyed || to.writableEnded) return
    if (!to.write(chunk)) await drained(to)
  }
  to.end()
}

/** A small body as a whole. */
export async function readBody(body: Readable, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    sizeBytes += chunk.length
    if (sizeBytes > maximumBytes)
      throw new HearthError('too_large', `The body is larger than ${maximumBytes} bytes. Send less at once.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
