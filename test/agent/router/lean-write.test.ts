import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { writeText, writeWhole } from '../../../agent/router/lean-write.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Both ends of a connection; nothing is read from the second before somebody does. */
async function openPair(): Promise<[Socket, Socket]> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [[Socket], unknown]
  server.close()
  sockets.push(near, far)
  return [near, far]
}

it('a reader that falls behind gets every message whole and in order, whoever had to wait with it', async () => {
  const [near, far] = await openPair()
  const lent = Buffer.alloc(16 * 1024)
  const sent: string[] = []
  let hasWaited = false
  // More than the kernel's buffers of both sides hold.
  for (let at = 0; at < 1000; at++) {
    const head = `message ${at}\r\n`
    lent.fill(at)
    sent.push(head + (at % 3 === 0 ? '' : lent.toString('latin1')))
    const isTaken = at % 3 === 0 ? writeText(near, head) : writeWhole(near, head, [lent])
    hasWaited ||= !isTaken
  }
  // The memory that was lent has another use.
  lent.fill('!')
  expect(hasWaited).toBe(true)
  near.end()
  expect((await buffer(far)).toString('latin1') === sent.join('')).toBe(true)
})

it('what the kernel could not take at once is lost with an error when the reader goes away', async () => {
  const [near, far] = await openPair()
  const failed = once(near, 'error')
  const bytes = Buffer.alloc(16 * 1024)
  let sent = 0
  // The first that has to wait is the last.
  while ((near as unknown as { _handle: { writeQueueSize: number } })._handle.writeQueueSize === 0 && sent++ < 10_000) {
    writeWhole(near, 'head', [bytes])
  }
  expect(near.writableLength).toBe(0)
  far.resetAndDestroy()
  expect((await failed)[0]).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) })
  if (!near.closed) await once(near, 'close')
})

it('a message after the end is an error of the stream, and does not reach the other side', async () => {
  const [near, far] = await openPair()
  writeText(near, 'last words')
  near.end()
  const failed = once(near, 'error')
  writeText(near, 'and more')
  expect((await failed)[0]).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' })
  expect((await buffer(far)).toString()).toBe('last words')
})
