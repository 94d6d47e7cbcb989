import type { ClientHttp2Stream } from 'node:http2'
import { exitCodeTrailer, type TerminalKind } from '../../agent/contract/dynos/terminal.ts'
import { TerminalFrames } from '../../agent/contract/dynos/terminal-frames.ts'
import { HearthError } from '../../agent/contract/errors.ts'
import type { AttachedTerminal, WantedTerminal } from '../core/ports/agent.ts'
import type { Answer } from './answer.ts'
import { giveUp } from './give-up.ts'

/** As the contract has it. */
export function kindOf(wanted: WantedTerminal): TerminalKind {
  return wanted.kind === 'pty' ? wanted : { kind: 'pipes', areErrorsApart: wanted.onErrors !== undefined }
}

/** Joins an attach stream: bytes both ways, the exit code in the trailer. */
export async function attachTerminal(
  stream: ClientHttp2Stream,
  answer: Answer,
  wanted: WantedTerminal,
): Promise<AttachedTerminal> {
  const exitCode = new Promise<number>((resolve, reject) => {
    stream.once('trailers', (headers) => resolve(Number(headers[exitCodeTrailer] ?? 1)))
    stream.once('close', () =>
      reject(new HearthError('unavailable', 'The connection to the terminal was lost; its dyno is stopped.')),
    )
  })
  exitCode.catch(() => {})
  await answer.expectSuccess()
  return {
    output: readOutput(answer, wanted.kind === 'pipes' ? wanted.onErrors : undefined),
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
async function* readOutput(
  answer: Answer,
  onErrors: ((bytes: Uint8Array) => Promise<void>) | undefined,
): AsyncIterable<Uint8Array> {
  try {
    yield* onErrors ? splitFrames(answer.read(), onErrors) : answer.read()
  } catch {
    return
  }
}

async function* splitFrames(body: AsyncIterable<Uint8Array>, onErrors: (bytes: Uint8Array) => Promise<void>) {
  const frames = new TerminalFrames()
  for await (const chunk of body) {
    for (const { stream, bytes } of frames.read(chunk)) {
      if (stream === 2) await onErrors(bytes)
      else yield bytes
    }
  }
}
