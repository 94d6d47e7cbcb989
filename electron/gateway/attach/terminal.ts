import type { Readable, Writable } from 'node:stream'
import { exitCodeTrailer, renderTerminalKind, terminalHeader } from '../../../agent/contract/dynos/terminal.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { AgentDoor, DoorRequest } from '../../core/ports/agent-door.ts'
import type { Attachment } from './attachments.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** What the dyno's end shall be: plain pipes, a terminal of a size, or null for what its creation asked for. */
export type WantedKind = 'pipes' | TerminalSize | null

/** The dyno's end of an attached one-off dyno. */
export interface Terminal {
  readonly input: Writable
  /** Ends with an error when the connection to the server was lost. */
  readonly output: Readable
  /** What a shell would say of its end; asked for once the output has ended. */
  exitCode(): number
  resize(size: TerminalSize): void
  /** Stops the dyno. */
  close(): void
}

/** The agent's own word for "the connection ended and nobody knows how it went on". */
export const lostExitCode = 255

/** Opens the dyno's terminal, which starts it. */
export async function openTerminal(
  door: AgentDoor,
  secret: string,
  { app, dynoId }: Attachment,
  kind: WantedKind,
): Promise<Terminal> {
  const exchange = await door.open({
    method: 'POST',
    path: `/attach/${secret}`,
    headers: { 'content-type': 'application/octet-stream', ...renderKind(kind) },
    isAuthorized: false,
  })
  const { status, body, trailers } = await exchange.answer
  if (status !== 200) {
    exchange.close()
    throw new HearthError('gone', 'The terminal is gone: it waited too long to be opened, or its server restarted.')
  }
  return {
    input: exchange.request,
    output: body,
    exitCode: () => parseExitCode(trailers()[exitCodeTrailer]),
    resize: (size) => void ask(door, renderResize(app, dynoId, size)).catch(() => {}),
    close: () => exchange.close(),
  }
}

/** One stream for output and errors: the client shows nothing of what comes apart from the output. */
function renderKind(kind: WantedKind): Record<string, string> {
  if (kind === null) return {}
  const wanted = kind === 'pipes' ? { kind, areErrorsApart: false } : ({ kind: 'pty', ...kind } as const)
  return { [terminalHeader]: renderTerminalKind(wanted) }
}

function parseExitCode(trailer: string | string[] | undefined): number {
  const code = Number(trailer ?? Number.NaN)
  return Number.isInteger(code) && code >= 0 && code <= 255 ? code : lostExitCode
}

function renderResize(app: string, dyno: string, { columns, rows }: TerminalSize): DoorRequest & { body: string } {
  const path = `/apps/${app}/dynos/${encodeURIComponent(dyno)}/actions/resize`
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', path, headers, isAuthorized: true, body: JSON.stringify({ columns, rows }) }
}

/** A dyno that has just ended needs no answer. */
async function ask(door: AgentDoor, { body, ...request }: DoorRequest & { body: string }): Promise<void> {
  const exchange = await door.open(request)
  exchange.request.end(body)
  const answer = await exchange.answer
  answer.body.resume()
}
