import { expect, test } from 'vitest'
import { pumpBytes } from '../../../renderer/lib/terminal/byte-pump.ts'
import { ScreenFlow } from '../../../renderer/lib/terminal/screen-flow.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

/** Takes pieces at once and parses them when told to, one being with it at a time. */
function slowScreen() {
  const sizes: number[] = []
  const waiting: (() => void)[] = []
  return {
    sizes,
    write: (piece: string | Uint8Array, done: () => void) => {
      sizes.push(piece.length)
      waiting.push(done)
    },
    parse: (pieces: number) => {
      for (let piece = 0; piece < pieces; piece += 1) waiting.shift()?.()
    },
  }
}

/** Parses what it gets at once, a piece in two milliseconds, in frames that begin when told to. */
function steadyScreen() {
  const sizes: number[] = []
  const waiting: (() => void)[] = []
  let now = 0
  return {
    sizes,
    write: (piece: string, done: () => void) => {
      sizes.push(piece.length)
      now += 2
      done()
    },
    frames: { now: () => now, next: (act: () => void) => void waiting.push(act) },
    pass: (ms: number) => {
      now += ms
    },
    beginFrame: () => {
      for (const act of waiting.splice(0)) act()
    },
  }
}

const inPieces = (length: number) => [...new Array(Math.floor(length / 16_384)).fill(16_384), length % 16_384]

test('a frame parses what there is time for, in pieces of 16 KiB, and the next ones go on', () => {
  const screen = steadyScreen()
  const flow = new ScreenFlow<string>(screen, screen.frames)
  void flow.write('x'.repeat(150_000))
  expect(screen.sizes).toHaveLength(4)
  screen.pass(8)
  screen.beginFrame()
  expect(screen.sizes).toHaveLength(8)
  screen.pass(8)
  screen.beginFrame()
  expect(screen.sizes).toEqual(inPieces(150_000))
})

test('what comes to an idle screen is parsed at once, and what comes after it in the same frame too', () => {
  const screen = steadyScreen()
  const flow = new ScreenFlow<string>(screen, screen.frames)
  void flow.write('l')
  void flow.write('s')
  expect(screen.sizes).toEqual([1, 1])
  screen.pass(500)
  void flow.write('x'.repeat(150_000))
  expect(screen.sizes).toHaveLength(2 + 4)
})

test('a screen that falls behind holds back its writer until it has caught up', async () => {
  const screen = slowScreen()
  const flow = new ScreenFlow<string>(screen, { now: () => 0, next: (act) => act() })
  let isTaken = false
  const writing = flow.write('x'.repeat(600 * 1024)).then(() => {
    isTaken = true
  })
  await turn()
  expect(isTaken).toBe(false)
  screen.parse(6)
  await writing
  expect(screen.sizes).toHaveLength(7)
})

test('what waits for a screen that is shown something else does not come, and holds nobody', async () => {
  const screen = slowScreen()
  const flow = new ScreenFlow<string>(screen, { now: () => 0, next: (act) => act() })
  const writing = flow.write('x'.repeat(600 * 1024))
  flow.close()
  await writing
  screen.parse(1)
  await flow.drain()
  expect(screen.sizes).toHaveLength(1)
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
