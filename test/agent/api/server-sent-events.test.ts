import { expect, test, vi } from 'vitest'
import { completeEvents } from '../../../agent/api/server-sent-events.ts'

const encode = (text: string) => new TextEncoder().encode(text)

async function* pieces(...texts: string[]) {
  for (const text of texts) yield encode(text)
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of bytes) text += Buffer.from(piece)
  return text
}

test('a stream of events says at once that it has begun, and at its end that there is nothing to wait for', async () => {
  expect(await textOf(completeEvents(pieces('id: 1\ndata: a\n\n'), 1000))).toBe(':\n\nid: 1\ndata: a\n\nretry: 1\n\n')
})

test('a stream of events is never silent for long, and what comes after a silence is there', async () => {
  const source = Promise.withResolvers<void>()
  async function* slow() {
    await source.promise
    yield encode('data: late\n\n')
  }
  const events = completeEvents(slow(), 5)
  let text = ''
  for await (const piece of events) {
    text += Buffer.from(piece)
    if (text === ':\n\n:\n\n:\n\n') source.resolve()
  }
  expect(text).toMatch(/^(:\n\n){3,}data: late\n\nretry: 1\n\n$/)
})

test('who stops reading ends the source', async () => {
  const onEnd = vi.fn()
  async function* source() {
    try {
      yield encode('data: a\n\n')
      yield encode('data: b\n\n')
    } finally {
      onEnd()
    }
  }
  for await (const piece of completeEvents(source(), 1000)) if (Buffer.from(piece).includes('data')) break
  expect(onEnd).toHaveBeenCalledOnce()
})
