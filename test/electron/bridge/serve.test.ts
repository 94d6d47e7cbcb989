import { afterEach, beforeEach, expect, test } from 'vitest'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Answers } from '../../../electron/bridge/answers.ts'
import type { Pipe } from '../../../electron/bridge/pipe.ts'
import { serveBridge } from '../../../electron/bridge/serve.ts'
import { renderBytesFrame, type Wire, windowBytes } from '../../../electron/bridge/wire.ts'
import { until } from '../../tooling/until.ts'

/** The renderer's end of a wire, as the test plays it. */
class TestWire implements Wire {
  readonly sent: (string | Uint8Array)[] = []
  isClosed = false
  #message: (message: string | Uint8Array) => void = () => {}
  #close: () => void = () => {}
  send(message: string | Uint8Array) {
    this.sent.push(message)
  }
  onMessage(listener: (message: string | Uint8Array) => void) {
    this.#message = listener
  }
  onClose(listener: () => void) {
    this.#close = listener
  }
  close() {
    this.isClosed = true
    this.#close()
  }
  receive(message: object | Uint8Array | string) {
    this.#message(message instanceof Uint8Array || typeof message === 'string' ? message : JSON.stringify(message))
  }
  get frames(): Record<string, unknown>[] {
    return this.sent.filter((message) => typeof message === 'string').map((message) => JSON.parse(message))
  }
  get receivedBytes(): number {
    return this.sent.reduce((sum, message) => sum + (typeof message === 'string' ? 0 : message.length - 4), 0)
  }
}

let wire: TestWire
let terminal: (pipe: Pipe) => Promise<{ exitCode: number }>
const logged: string[] = []

beforeEach(() => {
  wire = new TestWire()
  logged.length = 0
  const answers = {
    calls: {
      'servers.list': async () => [],
      'settings.get': async () => ({ theme: 'purple' }),
      'servers.remove': async () => {
        throw new HearthError('conflict', 'A deploy is running on box. Wait for it or cancel it.')
      },
      'keys.unlock': async () => {
        throw new TypeError('cannot read x of undefined')
      },
    },
    streams: { 'terminals.open': (_: unknown, pipe: Pipe) => terminal(pipe) },
  } as unknown as Answers
  serveBridge(wire, answers, { error: (message, error) => logged.push(`${message} ${error}`) })
})

afterEach(() => wire.close())

const open = {
  t: 'open',
  i: 7,
  n: 'terminals.open',
  p: { serverId: 's', app: 'blog', command: 'bash', terminalId: 't', columns: 80, rows: 24 },
}
const answered = (count = 1) => until(() => expect(wire.frames.length).toBeGreaterThanOrEqual(count))

test('a call is answered under its number', async () => {
  wire.receive({ t: 'call', i: 1, n: 'servers.list', p: {} })
  await answered()
  expect(wire.frames).toEqual([{ t: 'ok', i: 1, r: [] }])
})

test('parameters that do not fit are refused with the field named', async () => {
  wire.receive({ t: 'call', i: 1, n: 'servers.remove', p: { serverId: 5 } })
  await answered()
  expect(wire.frames[0]).toMatchObject({ t: 'error', e: { id: 'invalid_params' } })
  expect(JSON.stringify(wire.frames[0])).toContain('ServerId')
})

test("an operation's error keeps its id and message; a bug shows neither inside nor secrets as message", async () => {
  wire.receive({ t: 'call', i: 1, n: 'servers.remove', p: { serverId: 'x' } })
  wire.receive({ t: 'call', i: 2, n: 'keys.unlock', p: { passphrase: 'correct horse' } })
  await answered(2)
  expect(wire.frames[0]).toMatchObject({ e: { id: 'conflict', message: expect.stringContaining('deploy is running') } })
  expect(wire.frames[1]).toMatchObject({ e: { id: 'internal', message: expect.not.stringContaining('undefined') } })
})

test('a result that breaks the contract is an error', async () => {
  wire.receive({ t: 'call', i: 1, n: 'settings.get', p: {} })
  await answered()
  expect(wire.frames[0]).toMatchObject({ t: 'error', e: { id: 'internal' } })
})

test.each(['constructor', '__proto__', 'no.such'])('the name %s is not found', async (name) => {
  wire.receive({ t: 'call', i: 1, n: name, p: {} })
  await answered()
  expect(wire.frames[0]).toMatchObject({ t: 'error', e: { id: 'not_found' } })
})

test.each(['not json', '{"t":"evil","i":1}', '{"t":"call","i":-1,"n":"x","p":{}}'])(
  'the frame %j closes the wire',
  (frame) => {
    wire.receive(frame)
    expect(wire.isClosed).toBe(true)
  },
)

test('a source faster than its reader stops at the window and goes on with credit', async () => {
  terminal = async (pipe) => {
    await pipe.write(new Uint8Array(3 * windowBytes))
    return { exitCode: 0 }
  }
  wire.receive(open)
  await until(() => expect(wire.receivedBytes).toBe(windowBytes))
  wire.receive({ t: 'credit', i: 7, c: windowBytes })
  await until(() => expect(wire.receivedBytes).toBe(2 * windowBytes))
  wire.receive({ t: 'credit', i: 7, c: windowBytes })
  await answered(2)
  expect(wire.receivedBytes).toBe(3 * windowBytes)
  expect(wire.frames).toEqual([
    { t: 'end', i: 7 },
    { t: 'ok', i: 7, r: { exitCode: 0 } },
  ])
})

test('what the renderer writes arrives, and reading it grants credit', async () => {
  let received = 0
  terminal = async (pipe) => {
    for await (const bytes of pipe.bytes) received += bytes.length
    return { exitCode: 3 }
  }
  wire.receive(open)
  wire.receive(renderBytesFrame(7, new Uint8Array(1000)))
  wire.receive({ t: 'end', i: 7 })
  await until(() => expect(wire.frames.at(-1)).toEqual({ t: 'ok', i: 7, r: { exitCode: 3 } }))
  expect(received).toBe(1000)
  expect(wire.frames).toContainEqual({ t: 'credit', i: 7, c: 1000 })
})

test('a renderer that ignores the window is cut off', () => {
  terminal = () => new Promise(() => {})
  wire.receive(open)
  wire.receive(renderBytesFrame(7, new Uint8Array(windowBytes)))
  wire.receive(renderBytesFrame(7, new Uint8Array(windowBytes)))
  expect(wire.isClosed).toBe(true)
})

test.each(['cancel', 'close'])('on %s the answer hears its signal', async (how) => {
  let isAborted = false
  terminal = async (pipe) => {
    await new Promise((resolve) => pipe.signal.addEventListener('abort', resolve))
    isAborted = true
    return { exitCode: 1 }
  }
  wire.receive(open)
  if (how === 'cancel') wire.receive({ t: 'cancel', i: 7 })
  else wire.close()
  await until(() => expect(isAborted).toBe(true))
})
