// Node's own parser (llhttp) as a second opinion: what it refuses, we refuse, and where both accept, they see the same request.
import { createServer, METHODS } from 'node:http'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { openBody } from '../../../agent/router/http/body.ts'
import { HeadBuffer } from '../../../agent/router/http/head-buffer.ts'
import { Malformed } from '../../../agent/router/http/header-block.ts'
import { parseRequestHead } from '../../../agent/router/http/request-parser.ts'

/** What a parser made of a request. */
interface Seen {
  readonly method: string
  readonly target: string
  readonly body: string
}

/** What Node's server makes of the bytes; null when it refuses or never sees a whole request. */
function seenByNode(bytes: Buffer): Promise<Seen | null> {
  return new Promise((resolve) => {
    const server = createServer((request) => {
      let body = ''
      request.setEncoding('latin1')
      request.on('data', (part: string) => {
        body += part
      })
      request.on('end', () => resolve({ method: request.method ?? '', target: request.url ?? '', body }))
      request.on('error', () => resolve(null))
    })
    server.on('clientError', () => resolve(null))
    server.on('connect', () => resolve(null))
    server.on('upgrade', () => resolve(null))
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
    server.emit('connection', socket)
    socket.push(bytes)
    setTimeout(() => {
      socket.destroy()
      resolve(null)
    }, 500).unref()
  })
}

/** Also where the request ends: what follows is another one, and none of this comparison's business. */
function seenByUs(bytes: Buffer): { seen: Seen; end: number } | null {
  try {
    const buffer = new HeadBuffer(128 * 1024)
    if (!buffer.add(bytes)) return null
    const head = parseRequestHead(buffer.text)
    const body = openBody(head.framing, true)
    const pieces: Buffer[] = []
    const end = buffer.text.length + body.read(buffer.rest ?? Buffer.alloc(0), 0, pieces)
    // Node knows a list of methods, we pass any.
    if (!body.isDone || !METHODS.includes(head.method)) return null
    return { seen: { method: head.method, target: head.target, body: Buffer.concat(pieces).toString('latin1') }, end }
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

const seeds = [
  'GET /a?b HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3;a=1\r\nabc\r\n0\r\nX-A: 1\r\n\r\n',
  'PUT /x HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na',
]
const spices = ['\r', '\n', '\r\n', ' ', '\t', '\0', ':', ';', ',', '0', '1', 'f', 'x', '\x7f', '\xff', '"', '=', '/']
const lines = [
  'Content-Length: 3\r\n',
  'Content-Length: 2\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b.test\r\n',
  ' folded\r\n',
]

/** A small generator with a seed, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function mutate(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1)
  const spice = spices[random(spices.length)] ?? ''
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + spice + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + spice + text.slice(at + 1)
    case 3:
      return text.slice(0, at) + text.slice(at, at + random(12)) + text.slice(at)
    default: {
      const lineStart = text.indexOf('\r\n', at) + 2
      return text.slice(0, lineStart) + (lines[random(lines.length)] ?? '') + text.slice(lineStart)
    }
  }
}

test("what Node's parser refuses, we refuse; what both accept is the same request", async () => {
  const end = performance.now() + 2000
  const seed = 20_261_121
  const random = randomFrom(seed)
  let both = 0
  let tried = 0
  while (performance.now() < end && tried < 5000) {
    const batch = Array.from({ length: 50 }, () => {
      let text = seeds[random(seeds.length)] ?? ''
      for (let count = 1 + random(3); count > 0; count--) text = mutate(text, random)
      return Buffer.from(text, 'latin1')
    })
    await Promise.all(
      batch.map(async (bytes) => {
        tried++
        const ours = seenByUs(bytes)
        if (!ours) return
        both++
        const theirs = await seenByNode(bytes.subarray(0, ours.end))
        const target = theirs?.target.replace(/^https?:\/\/[^/?]+/i, '')
        expect({ seed, text: bytes.toString('latin1'), seen: theirs && { ...theirs, target } }).toEqual({
          seed,
          text: bytes.toString('latin1'),
          seen: ours.seen,
        })
      }),
    )
  }
  expect(tried).toBeGreaterThan(0)
  expect(both).toBeGreaterThan(0)
}, 10_000)
