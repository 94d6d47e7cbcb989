import { expect, test } from 'vitest'
import { pumpBytes } from '../../../renderer/lib/terminal/byte-pump.ts'
import { ScreenFlow } from '../../../renderer/lib/terminal/screen-flow.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

/** Takes pieces at once and parses them when told to. */
function slowScreen() {
  const waiting: { size: number; done: () => void }[] = []
  return {
    waiting,
    write: (piece: string | Uint8Array, done: () => void) => void waiting.push({ size: piece.length, done }),
    parse: (pieces: number) => {
      for (const { done } of waiting.splice(0, pieces)) done()
    },
  }
}

test('small pieces are written on before the screen has parsed the first, large ones in pieces of 64 KiB', async () => {
  const screen = slowScreen()
  const flow = new ScreenFlow<string>(screen)
  for (let piece = 0; piece < 3; piece += 1) await flow.write('x'.repeat(100))
  await flow.write('y'.repeat(200_000))
  expect(screen.waiting.map(({ size }) => size)).toEqual([100, 100, 100, 65_536, 65_536, 65_536, 3392])
})

test('a screen that falls behind holds back its writer until it has caught up', async () => {
  const screen = slowScreen()
  const flow = new ScreenFlow<string>(screen)
  let isTaken = false
  const writing = flow.write('x'.repeat(600 * 1024)).then(() => {
    isTaken = true
  })
  await turn()
  expect(isTaken).toBe(false)
  screen.parse(2)
  await writing
})

test('a stream that ended is told of only when all of it is on the screen', async () => {
  const screen = slowScreen()
  let isDone = false
  const { readable, writable } = new TransformStream<Uint8Array>()
  const pumping = pumpBytes(readable, screen).then(() => {
    isDone = true
  })
  const writer = writable.getWriter()
  await writer.write(new Uint8Array(10))
  await writer.close()
  await turn()
  expect(isDone).toBe(false)
  screen.parse(1)
  await pumping
})
