import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { readPaced } from '../../../agent/exec/paced-reading.ts'

const flood = () => Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(1000)))

test('a stream that gives more than its pace is held up for a moment at a time, and read to its end', async () => {
  const stream = flood()
  const pauses = vi.spyOn(stream, 'pause')
  let read = 0
  readPaced(stream, { capacity: 5_000, perSecond: 500_000 }, (bytes) => {
    read += bytes.length
  })
  await vi.waitFor(() => expect(read).toBe(50_000), 20_000)
  expect(pauses.mock.calls.length).toBeGreaterThan(1)
})

test('a stream that stays below its pace is not held up', async () => {
  const stream = flood()
  const pauses = vi.spyOn(stream, 'pause')
  let read = 0
  readPaced(stream, { capacity: 50_000, perSecond: 1 }, (bytes) => {
    read += bytes.length
  })
  await vi.waitFor(() => expect(read).toBe(50_000), 20_000)
  expect(pauses).not.toHaveBeenCalled()
})
