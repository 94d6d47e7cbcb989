import type { ClientHttp2Stream } from 'node:http2'
import { HearthError } from '../../agent/contract/errors.ts'
import type { AttachedTerminal } from '../core/ports/agent.ts'
import type { Answer } from './answer.ts'
import { giveUp } from './give-up.ts'

/** Joins an attach stream: bytes both ways, the exit code in the trailer. */
export async function attachTerminal(stream: ClientHttp2Stream, answer: Answer): Promise<AttachedTerminal> {
  const exitCode = new Promise<number>((resolve, reject) => {
    stream.once('trailers', (headers) => resolve(Number(headers['hearth-exit-code'] ?? 1)))
    stream.once('close', () =>
      reject(new HearthError('unavailable', 'The connection to the terminal was lost; its dyno is stopped.')),
    )
  })
  exitCode.catch(() => {})
  await answer.expectSuccess()
  return {
    output: readOutput(answer),
    exitCode,
    write: (bytes) =>
      new Promise((resolve) => {
        if (stream.destroyed || stream.writableEnded) resolve()
        else stream.write(bytes, () => resolve())
      }),
    end: () => void stream.end(),
    close: () => giveUp(stream),
  }
}

/** How it ended is told by the exit code; the output just ends. */
async function* readOutput(answer: Answer): AsyncIterable<Uint8Array> {
  try {
    yield* answer.read()
  } catch {
    return
  }
}
