// Node's own parser (llhttp) as a second opinion: what it refuses, we refuse, and where both accept, they see the same messages.
import { expect, test } from 'vitest'
import { compareRequests, compareResponse, fuzz } from './fuzz.ts'

test('what llhttp refuses, we refuse; what both accept is the same, in whatever pieces, and goes on as one message', () => {
  const { cases, accepted } = fuzz(20_261_121, (count) => count < 20_000)
  expect(cases).toBe(20_000)
  expect(accepted).toBeGreaterThan(1000)
})

test('the comparison sees a difference', () => {
  // To llhttp this is one request with a body, to whoever takes the length for white space it would be two.
  const request = 'GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nab'
  expect(compareRequests(Buffer.from(request))).toBe(1)
  expect(compareResponse(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab'), 'GET')).toBe(1)
  expect(() => compareResponse(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'), 'HEAD')).not.toThrow()
})
