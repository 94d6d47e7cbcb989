import { once } from 'node:events'
import type { ClientHttp2Stream } from 'node:http2'
import { HearthError } from '../../agent/contract/errors.ts'
import { giveUp } from './give-up.ts'

interface SendOptions {
  readonly signal: AbortSignal
  readonly onSent: (sentBytes: number) => void
  /** Settles when the other side has answered: nothing more needs to be sent. */
  readonly stopWhen: Promise<unknown>
}

/** Sends a body as fast as the other side takes it. Aborting resets the stream, which the agent sees at once. */
export async function sendBody(
  stream: ClientHttp2Stream,
  body: AsyncIterable<Uint8Array>,
  { signal, onSent, stopWhen }: SendOptions,
): Promise<void> {
  const stop = new AbortController()
  stopWhen.then(
    () => stop.abort(),
    () => stop.abort(),
  )
  const abort = () => giveUp(stream)
  signal.addEventListener('abort', abort)
  let sent = 0
  try {
    for await (const chunk of body) {
      if (stop.signal.aborted || signal.aborted) break
      if (!stream.write(chunk)) await drained(stream, [stop.signal, signal])
      sent += chunk.length
      onSent(sent)
    }
    if (!stop.signal.aborted) stream.end()
  } catch (error) {
    // The source failed (a file vanished): half a body must not look like a whole one.
    giveUp(stream)
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  if (signal.aborted) throw new HearthError('gone', 'The upload was cancelled.')
}

async function drained(stream: ClientHttp2Stream, signals: AbortSignal[]): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([...signals, over.signal])
  const onClose = () => over.abort()
  stream.once('close', onClose)
  await once(stream, 'drain', { signal }).catch(() => {})
  stream.off('close', onClose)
}
