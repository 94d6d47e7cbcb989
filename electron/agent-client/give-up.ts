import type { ClientHttp2Stream } from 'node:http2'
import { HearthError } from '../../agent/contract/errors.ts'

/**
 * Ends a stream so that the agent sees at once that it was given up. `close` with a code does not while the request's body
 * is open: Node 24 ends the body first, which makes half of it look whole, or sends nothing at all.
 */
export function giveUp(stream: ClientHttp2Stream): void {
  if (!stream.destroyed) stream.destroy(new HearthError('gone', 'The request was given up.'))
}
