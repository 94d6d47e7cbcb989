import { expect, test } from 'vitest'
import { type FeedState, LogFeed, pauseBoundBytes } from '../../renderer/lib/log-feed.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
const encode = (text: string) => new TextEncoder().encode(text)

function makeFeed() {
  let shown = ''
  let state: FeedState | undefined
  const feed = new LogFeed(
    {
      write: (text, done) => {
        shown += text
        done()
      },
    },
    (now) => {
      state = now
    },
  )
  const { readable, writable } = new TransformStream<Uint8Array>()
  const following = feed.follow(readable, new AbortController().signal)
  const writer = writable.getWriter()
  return { feed, writer, following, shown: () => shown, state: () => state }
}

test('shows whole lines only, however the bytes were cut', async () => {
  const { writer, following, shown } = makeFeed()
  const bytes = encode('one grüße\ntwo\n')
  for (const byte of bytes) await writer.write(Uint8Array.of(byte))
  await writer.write(encode('three'))
  expect(shown()).toBe('one grüße\r\ntwo\r\n')
  await writer.close()
  await following
  expect(shown()).toBe('one grüße\r\ntwo\r\nthree\r\n')
})

test('a pause keeps what arrives and shows it afterwards, in order', async () => {
  const { feed, writer, shown, state } = makeFeed()
  await writer.write(encode('before\n'))
  await turn()
  feed.pause()
  await writer.write(encode('during 1\nduring 2\n'))
  await turn()
  expect(shown()).toBe('before\r\n')
  expect(state()).toMatchObject({ isPaused: true, waitingLines: 2, lines: 3 })
  await feed.resume()
  expect(shown()).toBe('before\r\nduring 1\r\nduring 2\r\n')
  expect(state()).toMatchObject({ isPaused: false, waitingLines: 0 })
})

test('at the bound a paused feed stops reading, and goes on when resumed', async () => {
  const { feed, writer, state } = makeFeed()
  feed.pause()
  const line = encode(`${'x'.repeat(1024 * 1024 - 1)}\n`)
  const writes = Array.from({ length: 12 }, () => writer.write(line))
  await turn()
  await turn()
  expect(state()?.waitingBytes).toBeGreaterThanOrEqual(pauseBoundBytes)
  const held = state()?.lines ?? 0
  expect(held).toBeLessThan(12)
  await feed.resume()
  await Promise.all(writes)
  await turn()
  expect(state()?.lines).toBe(12)
})
