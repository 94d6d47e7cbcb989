import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { AcmeProblem } from '../../core/ports/domains/certification.ts'

export interface AcmeAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

export interface AcmeRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  readonly body?: string
}

const maxBodyBytes = 256 * 1024
const timeoutMs = 30_000

/** Asks an authority: for so long, and for so much. It is not ours, and what it sends is not trusted to end. */
export function askAuthority({ method, url, body }: AcmeRequest, signal: AbortSignal): Promise<AcmeAnswer> {
  const send = new URL(url).protocol === 'https:' ? requestHttps : requestHttp
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const headers = {
    'user-agent': 'hearth',
    ...(body !== undefined && { 'content-type': 'application/jose+json', 'content-length': Buffer.byteLength(body) }),
  }
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      if (signal.aborted) return reject(signal.reason)
      const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message
      reject(new AcmeProblem('unreachable', `The authority at ${new URL(url).host} can't be reached: ${why}.`))
    }
    const call = send(url, { method, headers, signal: limit, agent: false }, (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        fail,
      )
    })
    call.on('error', fail).end(body)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) {
      response.destroy()
      throw new Error(`it sends more than ${maxBodyBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Seconds, or a date; null if there is none that makes sense. */
export function retryAfterMs({ headers }: AcmeAnswer, nowMs: number): number | null {
  const text = headers['retry-after']
  if (text === undefined) return null
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isFinite(ms) && ms >= 0 ? ms : null
}
