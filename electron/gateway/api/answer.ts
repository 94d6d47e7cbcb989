import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { HearthError } from '../../../agent/contract/errors.ts'

export interface Message {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The gateway's own answers have the agent's form. */
export function jsonMessage(status: number, body: unknown): Message {
  return message(status, 'application/json; charset=utf-8', JSON.stringify(body))
}

/** git shows a plain text to its user, line by line. */
export function textMessage(status: number, text: string): Message {
  return message(status, 'text/plain; charset=utf-8', `${text}\n`)
}

function message(status: number, contentType: string, body: string): Message {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'request-id': randomUUID() }
  return { status, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body }
}

/** Anything that was thrown, as an error to tell the client. */
export function asHearthError(error: unknown): HearthError {
  if (error instanceof HearthError) return error
  return new HearthError('internal', 'The gateway of this computer failed on this request.', { cause: error })
}

export function errorMessage(error: unknown): Message {
  const known = asHearthError(error)
  return jsonMessage(known.status, known.toBody())
}

export function sendMessage(response: ServerResponse, { status, headers, body }: Message): void {
  if (response.headersSent || response.destroyed) {
    // Half an answer must not look like a whole one.
    response.destroy()
    return
  }
  response.writeHead(status, headers)
  response.end(body)
}

/** The same for a socket that no HTTP server answers any more; ends it. */
export function renderMessage({ status, headers, body }: Message): string {
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
