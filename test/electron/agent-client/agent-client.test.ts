import net from 'node:net'
import { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { renderFrame } from '../../../agent/contract/dynos/terminal-frames.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { openAgent } from '../../../electron/agent-client/open-agent.ts'
import type { Agent } from '../../../electron/core/ports/agent.ts'
import { until } from '../../tooling/until.ts'
import { type Answer, openFakeAgent, sendJson } from './fake-agent.ts'

const stack = {
  default: true,
  created_at: '2026-11-21T00:00:00Z',
  id: '3b9f0f7e-54c2-4d43-8a4c-6a4a1d5b9e10',
  name: 'debian-12',
  state: 'public' as const,
  updated_at: '2026-11-21T00:00:00Z',
}

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function open(answer: Answer): Promise<{ agent: Agent; fake: Awaited<ReturnType<typeof openFakeAgent>> }> {
  const fake = await openFakeAgent(answer)
  cleanUp.push(fake.close)
  const agent = await openAgent({ socket: fake.connect(), token: async () => 'the-token' })
  cleanUp.push(() => agent.close())
  return { agent, fake }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

describe('a call', () => {
  test('fills the path, sends the token and the body, and checks the answer', async () => {
    const seen: unknown[] = []
    const { agent } = await open((stream, headers) => {
      seen.push(headers[':method'], headers[':path'], headers.authorization)
      stream.setEncoding('utf8').on('data', (text) => seen.push(JSON.parse(String(text))))
      stream.on('end', () => sendJson(stream, 200, { A: '1' }))
    })
    expect(await agent.call('updateConfigVars', { app: 'my app' }, { A: '1', B: null })).toEqual({ A: '1' })
    expect(seen).toEqual(['PATCH', '/apps/my%20app/config-vars', 'Bearer the-token', { A: '1', B: null }])
  })

  test('that fails throws the error that the agent sent', async () => {
    const { agent } = await open((stream) => sendJson(stream, 409, { id: 'conflict', message: 'Taken.' }))
    await expect(agent.call('listApps', {})).rejects.toMatchObject({ id: 'conflict', message: 'Taken.' })
  })

  test('to a newer agent leaves out what this desktop does not know', async () => {
    const newer = { ...stack, colour: 'red' }
    const { agent } = await open((stream) => sendJson(stream, 200, [newer, stack]))
    expect(await agent.call('listStacks', {})).toEqual([stack, stack])
  })

  test('whose answer breaks the contract says so instead of handing it on', async () => {
    const { agent } = await open((stream) => sendJson(stream, 200, [{ ...stack, state: 'odd' }]))
    await expect(agent.call('listStacks', {})).rejects.toThrow('not what this desktop understands')
  })

  test('fails when the agent goes away before it answers', async () => {
    const { agent, fake } = await open(() => fake.breakConnections())
    await expect(agent.call('listStacks', {})).rejects.toMatchObject({ id: 'unavailable' })
    await agent.closed
    await expect(agent.call('listStacks', {})).rejects.toMatchObject({ id: 'unavailable' })
  })

  test('that gets a list in pages asks for the rest of it', async () => {
    const asked: unknown[] = []
    const { agent } = await open((stream, headers) => {
      asked.push(headers.range)
      const next = ['name ]a..; max=1', 'name ]b..; max=1'][asked.length - 1]
      const body = [{ ...stack, name: 'abc'[asked.length - 1] }]
      stream.respond({ ':status': next ? 206 : 200, ...(next ? { 'next-range': next } : {}) })
      stream.end(JSON.stringify(body))
    })
    const names = (await agent.call('listStacks', {})).map(({ name }) => name)
    expect(names).toEqual(['a', 'b', 'c'])
    expect(asked).toEqual([undefined, 'name ]a..; max=1', 'name ]b..; max=1'])
  })

  test('many at once share the connection', async () => {
    const { agent } = await open((stream) => sendJson(stream, 200, [stack]))
    const answers = await Promise.all(Array.from({ length: 50 }, () => agent.call('listStacks', {})))
    expect(answers.flat()).toHaveLength(50)
  })
})

describe('streams', () => {
  test('bytes come as they were sent, and the secret is taken from the URL', async () => {
    let path = ''
    const { agent } = await open((stream, headers) => {
      path = String(headers[':path'])
      stream.respond({ ':status': 200 })
      stream.write('-----> ')
      stream.end('done\n')
    })
    expect(await collect(agent.readStream('/streams/abc.def'))).toBe('-----> done\n')
    expect(path).toBe('/streams/abc.def')
  })

  test('events arrive across chunk borders, without heartbeats', async () => {
    const one = { sequence: 1, at: '2026-11-21T00:00:00Z', topic: 'apps', app: null, step: null }
    const text = `${JSON.stringify(one)}\n\n${JSON.stringify({ ...one, sequence: 2 })}\n`
    const { agent } = await open((stream) => {
      stream.respond({ ':status': 200 })
      stream.write(text.slice(0, 30))
      setTimeout(() => stream.write(text.slice(30)), 5)
    })
    const stop = new AbortController()
    const sequences: number[] = []
    for await (const event of agent.followEvents(stop.signal)) {
      sequences.push(event.sequence)
      if (sequences.length === 2) stop.abort()
    }
    expect(sequences).toEqual([1, 2])
  })

  test('following events ends with an error when the connection is lost', async () => {
    const { agent, fake } = await open((stream) => stream.respond({ ':status': 200 }))
    setTimeout(() => fake.breakConnections(), 20)
    const follow = async () => {
      for await (const _ of agent.followEvents(new AbortController().signal));
    }
    await expect(follow()).rejects.toBeInstanceOf(HearthError)
  })
})

describe('a terminal', () => {
  test('carries bytes both ways and the exit code', async () => {
    const asked: unknown[] = []
    const { agent } = await open((stream, headers) => {
      asked.push(headers['hearth-terminal'])
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'hearth-exit-code': '42' }))
      stream.pipe(stream)
    })
    const terminal = await agent.attach('/attach/secret', { kind: 'pty', columns: 80, rows: 24 })
    const output = collect(terminal.output)
    await terminal.write(Buffer.from('echo'))
    terminal.end()
    expect(await output).toBe('echo')
    expect(await terminal.exitCode).toBe(42)
    expect(asked).toEqual(['pty 80x24'])
  })

  test('on pipes keeps errors apart for who wants them, however the frames are cut', async () => {
    const asked: unknown[] = []
    const { agent } = await open(async (stream, headers) => {
      asked.push(headers['hearth-terminal'])
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'hearth-exit-code': '3' }))
      const frames = [
        [1, 'out'],
        [2, 'err'],
        [1, ''],
        [1, 'more out'],
        [2, '!'],
      ] as const
      for (const [number, text] of frames) {
        const frame = renderFrame({ stream: number, bytes: Buffer.from(text) })
        for (const byte of frame) {
          stream.write(Buffer.from([byte]))
          await new Promise(setImmediate)
        }
      }
      stream.end()
    })
    let errors = ''
    const onErrors = async (bytes: Uint8Array) => {
      errors += Buffer.from(bytes)
    }
    const terminal = await agent.attach('/attach/secret', { kind: 'pipes', onErrors })
    expect(await collect(terminal.output)).toBe('outmore out')
    expect([errors, await terminal.exitCode]).toEqual(['err!', 3])
    expect(asked).toEqual(['pipes apart'])
  })

  test('that is closed is closed at the agent, with no end of input before', async () => {
    const seen: string[] = []
    const { agent } = await open((stream) => {
      stream.respond({ ':status': 200 })
      stream.resume()
      stream.on('end', () => seen.push('end of input'))
      stream.on('close', () => seen.push('closed'))
    })
    const terminal = await agent.attach('/attach/secret', { kind: 'pipes' })
    await terminal.write(Buffer.from('typed'))
    terminal.close()
    await until(() => expect(seen).toEqual(['closed']))
  })

  test('that loses its connection has no exit code', async () => {
    const { agent, fake } = await open((stream) => stream.respond({ ':status': 200 }))
    const terminal = await agent.attach('/attach/secret', { kind: 'pipes' })
    fake.breakConnections()
    await expect(terminal.exitCode).rejects.toThrow('lost')
  })
})

describe('an upload', () => {
  const chunk = Buffer.alloc(64 * 1024, 1)
  async function* blobs(count: number, before: (index: number) => unknown = () => {}) {
    for (let index = 0; index < count; index++) {
      await before(index)
      yield chunk
    }
  }
  const target = { app: 'a', manifest: 'm' }

  test('tells its progress and gives the answer', async () => {
    let received = 0
    const { agent } = await open((stream) => {
      stream.on('data', (bytes: Buffer) => (received += bytes.length))
      stream.on('end', () => sendJson(stream, 200, { received: 3, missing: [] }))
    })
    const progress: number[] = []
    const options = { signal: new AbortController().signal, onSent: (bytes: number) => progress.push(bytes) }
    expect(await agent.putSourceBlobs(target, blobs(100), options)).toEqual({ received: 3, missing: [] })
    expect(progress.at(-1)).toBe(received)
    expect(received).toBe(100 * chunk.length)
  })

  test('that is cancelled is seen to be by the agent, and never taken for a whole one', async () => {
    const seen: string[] = []
    const { agent } = await open((stream) => {
      stream.on('data', () => stop.abort())
      stream.on('end', () => seen.push('end'))
      stream.on('close', () => seen.push('closed'))
    })
    const stop = new AbortController()
    const slowly = blobs(1_000, () => delay(1))
    const upload = agent.putSourceBlobs(target, slowly, { signal: stop.signal, onSent() {} })
    await expect(upload).rejects.toMatchObject({ id: 'gone' })
    await until(() => expect(seen).toEqual(['closed']))
  })

  test('stops at once when it is cancelled, even while the other side reads nothing', async () => {
    const { agent } = await open((stream) => stream.pause())
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const upload = agent.putSourceBlobs(target, blobs(10_000), { signal: stop.signal, onSent() {} })
    await expect(upload).rejects.toMatchObject({ id: 'gone' })
  })

  test('ends with the refusal that comes before everything is sent', async () => {
    const { agent } = await open((stream) => sendJson(stream, 507, { id: 'disk_full', message: 'Full.' }))
    const upload = agent.putSourceBlobs(
      target,
      blobs(10_000, () => delay(0)),
      { signal: new AbortController().signal, onSent() {} },
    )
    await expect(upload).rejects.toMatchObject({ id: 'disk_full' })
  })

  test('that loses its source is not taken for a whole one', async () => {
    const ended: boolean[] = []
    const { agent } = await open((stream) => {
      stream.resume()
      stream.on('end', () => ended.push(true))
    })
    const broken = blobs(3, (index) => {
      if (index === 2) throw new Error('file vanished')
    })
    const options = { signal: new AbortController().signal, onSent() {} }
    await expect(agent.putSourceBlobs(target, broken, options)).rejects.toThrow('vanished')
    await delay(20)
    expect(ended).toEqual([])
  })
})

describe('a link', () => {
  test('that opens but leads nowhere is given up', async () => {
    const silent = net.createServer((socket) => socket.resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => new Promise((resolve) => void silent.close(() => resolve())))
    const socket = net.connect((silent.address() as net.AddressInfo).port, '127.0.0.1')
    await expect(openAgent({ socket, token: async () => '', timeoutMs: 50 })).rejects.toThrow('does not answer')
  })

  test('that falls silent is found dead', async () => {
    const fake = await openFakeAgent((stream) => sendJson(stream, 200, []))
    cleanUp.push(fake.close)
    const inner = fake.connect()
    let isCut = false
    const socket = new Duplex({
      read() {},
      write(bytes, _, done) {
        if (!isCut) inner.write(bytes)
        done()
      },
    })
    inner.on('data', (bytes) => isCut || socket.push(bytes))
    const agent = await openAgent({ socket, token: async () => '', heartbeat: { everyMs: 20, silentMs: 200 } })
    await delay(400)
    expect(await agent.call('listStacks', {})).toEqual([])
    isCut = true
    expect(String(await agent.closed)).toContain('silent')
    inner.destroy()
  })

  test('is not found dead because this program itself was stopped for a while', async () => {
    const fake = await openFakeAgent((stream) => sendJson(stream, 200, []))
    cleanUp.push(fake.close)
    const heartbeat = { everyMs: 20, silentMs: 200 }
    const agent = await openAgent({ socket: fake.connect(), token: async () => '', heartbeat })
    cleanUp.push(() => agent.close())
    const until = performance.now() + 500
    while (performance.now() < until);
    await delay(60)
    expect(await agent.call('listStacks', {})).toEqual([])
  })
})
