import { beforeEach, expect, test, vi } from 'vitest'
import { type FeedState, LogFeed, pauseBoundBytes } from '../../../renderer/lib/log/log-feed.ts'
import { withoutColours } from '../../../renderer/lib/log/log-line.ts'
import { windowFrames } from '../../../renderer/lib/terminal/frames.ts'

// Time enough for all in the first frame, however busy the machine is.
beforeEach(() => void vi.spyOn(windowFrames, 'now').mockReturnValue(0))

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
const encode = (text: string) => new TextEncoder().encode(text)

const at = new Date(2026, 10, 21, 10, 12, 3)

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
    () => at,
  )
  const { readable, writable } = new TransformStream<Uint8Array>()
  const following = feed.follow(readable, new AbortController().signal)
  const writer = writable.getWriter()
  return { feed, writer, following, shown: () => shown, state: () => state }
}

test('shows whole lines only, however the bytes were cut', async () => {
  const { feed, writer, following, shown } = makeFeed()
  const bytes = encode('one grüße\ntwo\n')
  for (const byte of bytes) await writer.write(Uint8Array.of(byte))
  await writer.write(encode('three'))
  expect(shown()).toBe('one grüße\r\ntwo\r\n')
  await writer.close()
  await following
  await feed.end()
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

/** Follows another stream, which says all of this and stays open. */
async function followAgain(feed: LogFeed, text: string) {
  const { readable, writable } = new TransformStream<Uint8Array>()
  void feed.follow(readable, new AbortController().signal)
  await writable.getWriter().write(encode(text))
  await turn()
}

/** What is on the screen, its marks without colours. */
const linesOf = (text: string) => text.split('\r\n').slice(0, -1).map(withoutColours)

test('a stream that breaks leaves a mark, and what follows shows each line once and no torn one', async () => {
  const { feed, writer, shown, state } = makeFeed()
  await writer.write(encode('one\ntwo\nthr'))
  await turn()
  feed.breakOff()
  feed.breakOff()
  await followAgain(feed, 'one\ntwo\nthree\nfour\n')
  expect(linesOf(shown())).toEqual([
    ...['one', 'two', '──── the stream broke at 10:12:03 ────'],
    ...['──── goes on at 10:12:03: no line is missing ────', 'three', 'four'],
  ])
  expect(state()?.lines).toBe(4)
})

test('lines that the server no longer has are said to be missing', async () => {
  const { feed, writer, shown } = makeFeed()
  await writer.write(encode('one\n'))
  await turn()
  await followAgain(feed, 'nine\n')
  expect(linesOf(shown()).slice(1)).toEqual([
    '──── the stream broke at 10:12:03 ────',
    expect.stringMatching(/goes on at 10:12:03: lines before this one are missing/),
    'nine',
  ])
})

test('a break while paused waits with the lines around it', async () => {
  const { feed, writer, shown } = makeFeed()
  await writer.write(encode('one\n'))
  await turn()
  feed.pause()
  await writer.write(encode('two\n'))
  await turn()
  feed.breakOff()
  await followAgain(feed, 'one\ntwo\nthree\n')
  expect(linesOf(shown())).toEqual(['one'])
  await feed.resume()
  expect(linesOf(shown()).map((line) => line.slice(0, 12))).toEqual([
    'one',
    'two',
    '──── the str',
    '──── goes on',
    'three',
  ])
})

test('the same line that is written again after the history is shown again', async () => {
  const { feed, writer, shown } = makeFeed()
  await writer.write(encode('tick\n'))
  await turn()
  await followAgain(feed, `${'tick\n'.repeat(1500)}tick\n`)
  expect(linesOf(shown()).filter((line) => line === 'tick')).toHaveLength(2)
})
