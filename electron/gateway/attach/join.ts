import type { Readable, Writable } from 'node:stream'
import { sendBody } from '../send-body.ts'
import { renderExitMarker } from './exit-marker.ts'
import { lostExitCode, type Terminal } from './terminal.ts'

export interface ClientEnd {
  /** What the client types or pipes in. */
  readonly input: Readable
  readonly output: Writable
}

/**
 * Joins a client to a dyno's terminal until the dyno ends; returns its exit code, or null when the connection to the
 * server was lost first. Each piece is written by itself and the client's marker last, alone.
 */
export async function joinTerminal(
  { input, output }: ClientEnd,
  terminal: Terminal,
  hasExitMarker: boolean,
): Promise<number | null> {
  // The dyno may end before its input does; its exit code tells.
  sendBody(input, terminal.input).catch(() => {})
  const isWhole = await writeAll(terminal.output, output)
  const exitCode = isWhole ? terminal.exitCode() : null
  if (hasExitMarker) await write(output, renderExitMarker(exitCode ?? lostExitCode))
  return exitCode
}

async function writeAll(from: Readable, to: Writable): Promise<boolean> {
  try {
    for await (const chunk of from) await write(to, chunk)
    return true
  } catch {
    return false
  }
}

/** Resolves when the piece has left, or nobody is there to take it. */
function write(to: Writable, piece: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed || to.writableEnded) return resolve()
    const done = () => {
      to.off('close', done)
      resolve()
    }
    to.on('close', done)
    to.write(piece, done)
  })
}
