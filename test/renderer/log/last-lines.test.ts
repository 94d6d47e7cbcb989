import { expect, test } from 'vitest'
import { lastLines } from '../../../renderer/lib/log/last-lines.ts'

async function keep(pieces: string[], count: number) {
  const bytes = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  const shown: string[] = []
  for await (const kept of lastLines(bytes, count)) shown.push(kept.map(({ key, line }) => `${key}:${line}`).join(' '))
  return shown
}

test('keeps the last lines after each piece, however they were cut', async () => {
  expect(await keep(['a\nb', 'c\n', 'd\ne\nf\n'], 3)).toEqual(['0:a', '0:a 1:bc', '2:d 3:e 4:f'])
})

test('a piece with more lines than are kept shows its last ones, counted on', async () => {
  expect(await keep(['1\n2\n3\n4\n', '5\n'], 2)).toEqual(['2:3 3:4', '3:4 4:5'])
})

test('a line without its end waits for it', async () => {
  expect(await keep(['half'], 2)).toEqual([])
})
