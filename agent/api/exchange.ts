import { hash } from 'node:crypto'
import type { ServerHttp2Stream } from 'node:http2'
import type { z } from 'zod'
import { HearthError } from '../contract/errors.ts'

/** A manifest of 200,000 files is the largest JSON that anyone sends. */
const maximumJsonBytes = 64 * 1024 * 1024

/** Reads a JSON body and checks it; an absent body counts as `{}`, as the stock client sends none. */
export async function readJson<T extends z.ZodType>(stream: ServerHttp2Stream, schema: T): Promise<z.output<T>> {
  const text = await readText(stream)
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) throw new HearthError('invalid_params', describeIssues(parsed.error))
  return parsed.data
}

async function readText(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > maximumJsonBytes) {
      throw new HearthError(
        'too_large',
        `The request's body is larger than ${maximumJsonBytes} bytes. Send less at once.`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HearthError('bad_request', `The request's body is not JSON: ${(error as Error).message}.`)
  }
}

/** Names the field and what is wrong with it; never the value, which may be a secret. */
function describeIssues(error: z.ZodError): string {
  const sentences = error.issues.slice(0, 5).map((issue) => {
    const field = issue.path.join('.') || 'the body'
    // Of a name that does not fit, zod tells what is wrong with it one level further down.
    const cause = issue.code === 'invalid_key' ? issue.issues[0] : undefined
    return `${field}: ${(cause ?? issue).message}`
  })
  return `The request does not fit: ${sentences.join('; ')}.`
}

/**
 * Sends JSON under an ETag of its own text. `known` is the request's If-None-Match: a client that has this very answer is
 * told so (304) and gets no body.
 */
export function sendJson(
  stream: ServerHttp2Stream,
  status: number,
  body: unknown,
  headers: Headers = {},
  known?: string | undefined,
): void {
  if (stream.destroyed || stream.headersSent) return
  const text = JSON.stringify(body)
  const etag = `"${hash('sha256', text, 'base64url')}"`
  if (known !== undefined && isKnown(known, etag)) {
    stream.respond({ ':status': 304, ...headers, etag }, { endStream: true })
    return
  }
  stream.respond({ ':status': status, 'content-type': 'application/json; charset=utf-8', ...headers, etag })
  // A HEAD request has been answered by now.
  if (!stream.writableEnded) stream.end(text)
}

/** `"abc", W/"def"` or `*` */
function isKnown(known: string, etag: string): boolean {
  return known.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))
}

export function sendNothing(stream: ServerHttp2Stream, status: number, headers: Headers = {}): void {
  if (stream.destroyed || stream.headersSent) return
  // The stock client parses the body of every 202.
  if (status === 202) sendJson(stream, status, {}, headers)
  else stream.respond({ ':status': status, ...headers }, { endStream: true })
}

export function sendError(stream: ServerHttp2Stream, error: HearthError, headers: Headers = {}): void {
  if (stream.headersSent) {
    // `close` would end the body in peace, and half an answer look like a whole one.
    stream.destroy(error)
    return
  }
  sendJson(stream, error.status, error.toBody(), headers)
}

export type Headers = Record<string, string>

/** Writes every chunk with back-pressure and ends the stream; stops when the client goes. */
export async function sendBytes(
  stream: ServerHttp2Stream,
  contentType: string,
  bytes: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  if (stream.destroyed) return
  stream.respond({ ':status': 200, 'content-type': contentType })
  for await (const chunk of bytes) {
    if (stream.destroyed) break
    if (!stream.write(chunk)) await drained(stream)
  }
  stream.end()
}

/** Aborts when the stream is over, in whatever way. */
export function closing(stream: ServerHttp2Stream): AbortSignal {
  const controller = new AbortController()
  if (stream.destroyed) controller.abort()
  stream.once('close', () => controller.abort())
  return controller.signal
}

export function drained(stream: ServerHttp2Stream): Promise<void> {
  if (stream.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    stream.on('close', done)
  })
}
