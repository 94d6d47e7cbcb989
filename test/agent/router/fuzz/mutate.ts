import type { Random } from './message.ts'

export const requestSeeds = [
  'GET /a?b HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3;a=1\r\nabc\r\n0\r\nX-A: 1\r\n\r\n',
  'PUT /x HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na',
  'GET http://b.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: X-A, close\r\nX-A: 1\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: 1.2.3.4\r\nUser-Agent:x\r\nCookie: a=b; c="d"\r\n\r\n',
]

export const responseSeeds = [
  'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\na;x="y"\r\n0123456789\r\n00\r\nX-A: 1\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "x"\r\n\r\n',
  'HTTP/1.0 404 Not Found\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
]

const spices = [
  ...['\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', '\v', '\0', ':', ';', ',', '=', '"', '/', '\\', '?', '#', '@', '%0a'],
  ...['0', '1', '9', 'f', 'x', '-', '+', '_', '\x7f', '\x80', '\xff', 'chunked', 'close', 'HTTP/1.1', 'ffffffffffff'],
]

const lines = [
  'Content-Length: 3\r\n',
  'Content-Length: 2\r\n',
  'Content-Length: 3, 3\r\n',
  'content_length: 9\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding:\tchunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer_Encoding: chunked\r\n',
  'Host: b.test\r\n',
  'Connection: Content-Length\r\n',
  'Connection: Transfer-Encoding\r\n',
  'Connection: close\r\n',
  'Connection: Upgrade\r\nUpgrade: x\r\n',
  'Expect: 100-continue\r\n',
  'X-Request-Id: a\r\n',
  ' folded\r\n',
  ': no name\r\n',
  'no colon\r\n',
  'GET /smuggled HTTP/1.1\r\n',
]

/** A message of `seeds` with one to four things changed, sometimes with another message behind it. */
export function makeCase(seeds: readonly string[], random: Random): Buffer {
  let text = oneOf(seeds, random)
  if (random(4) === 0) text += oneOf(seeds, random)
  for (let count = 1 + random(4); count > 0; count--) text = mutate(text, seeds, random)
  return Buffer.from(text, 'latin1')
}

function mutate(text: string, seeds: readonly string[], random: Random): string {
  const at = random(text.length + 1)
  const spice = oneOf(spices, random)
  switch (random(8)) {
    case 0:
      return text.slice(0, at) + spice + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(3))
    case 2:
      return text.slice(0, at) + spice + text.slice(at + spice.length)
    case 3:
      return text.slice(0, at) + text.slice(at, at + random(12)) + text.slice(at)
    case 4: {
      const other = oneOf(seeds, random)
      return text.slice(0, at) + other.slice(random(other.length))
    }
    case 5:
      return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1)
    default: {
      const lineStart = text.indexOf('\r\n', at) + 2
      return text.slice(0, lineStart) + oneOf(lines, random) + text.slice(lineStart)
    }
  }
}

const oneOf = (list: readonly string[], random: Random): string => list[random(list.length)] ?? ''
