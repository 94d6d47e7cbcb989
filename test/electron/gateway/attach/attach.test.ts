import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import https from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import ssh2, { type ClientChannel } from 'ssh2'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { until } from '../../../tooling/until.ts'
import { openWorld, sendJson, type World } from '../api/gateway-world.ts'

const secret = 'AbC-_0'.repeat(5)
let world: World
let ca: Buffer
/** What the agent was asked beside the dyno's creation. */
let asked: { path: string; headers: IncomingHttpHeaders; body: string }[]
/** The dyno at the other end of the terminal. */
let dyno: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

beforeEach(async () => {
  asked = []
  world = await openWorld()
  ca = await readFile(world.files.certificate)
  dyno = (stream) => stream.pipe(stream)
  world.state.answer = (stream, headers) => {
    if (String(headers[':path']).startsWith('/attach/')) {
      asked.push({ path: String(headers[':path']), headers, body: '' })
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'hearth-exit-code': '7' }))
      dyno(stream, headers)
      return
    }
    let body = ''
    stream.setEncoding('utf8').on('data', (chunk) => (body += chunk))
    stream.on('end', () => {
      asked.push({ path: String(headers[':path']), headers, body })
      sendJson(stream, 201, { id: 'd', name: 'run.1', attach_url: `/attach/${secret}`, app: { name: 'shop' } })
    })
  }
})
afterEach(() => world.close())

interface CreateOptions {
  readonly command?: string
  readonly force_no_tty?: boolean | null
  readonly path?: string
}

async function create({ path = '/apps/shop/dynos', ...more }: CreateOptions = {}, headers = {}): Promise<string> {
  const body = JSON.stringify({ attach: true, command: 'bash', ...more })
  const { body: answer } = await world.ask(path, { method: 'POST', body, headers })
  return (JSON.parse(answer) as { attach_url: string }).attach_url
}

const marker = '\uffff heroku-command-exit-status: '
const withMarker = (command: string) => `${command} ; echo "${marker}$?"`

describe('a terminal by ssh', () => {
  /** The client's way: an upgrade, then SSH over the same connection. */
  async function connect(url: string): Promise<ssh2.Client> {
    const request = https.get(url, { ca, agent: false, headers: { connection: 'Upgrade', upgrade: 'tcp' } })
    const [response, socket] = (await once(request, 'upgrade')) as [{ statusCode: number }, Socket]
    expect(response.statusCode).toBe(101)
    const client = new ssh2.Client()
    client.on('error', () => {})
    const ready = once(client, 'ready')
    client.connect({ sock: socket, username: 'anybody' })
    await ready
    return client
  }

  function shell(client: ssh2.Client, window: ssh2.PseudoTtyOptions | false): Promise<ClientChannel> {
    return new Promise((resolve, reject) =>
      client.shell(window, (error, channel) => (error ? reject(error) : resolve(channel))),
    )
  }

  const exitOf = (channel: ClientChannel) => new Promise<number>((resolve) => channel.once('exit', resolve))

  test('carries bytes both ways, the end of the input, and the exit code', async () => {
    const url = await create()
    expect(url).toBe(`https://127.0.0.1:${world.port}/attach/${secret}`)
    const client = await connect(url)
    const channel = await shell(client, false)
    const exit = exitOf(channel)
    channel.end('hello')
    expect(await text(channel)).toBe('hello')
    expect(await exit).toBe(7)
    await once(client, 'close')
  })

  test('asks for pipes when the client has no terminal, and for a terminal of its size when it has', async () => {
    const piped = await shell(await connect(await create()), false)
    piped.end()
    await text(piped)
    const inTerminal = await shell(await connect(await create()), { cols: 101, rows: 33 })
    inTerminal.end()
    await text(inTerminal)
    const kinds = asked
      .filter(({ path }) => path.startsWith('/attach'))
      .map(({ headers }) => headers['hearth-terminal'])
    expect(kinds).toEqual(['pipes', 'pty 101x33'])
  })

  test('follows the size of the window', async () => {
    const channel = await shell(await connect(await create()), { cols: 80, rows: 24 })
    channel.write('x')
    await once(channel, 'data')
    channel.setWindow(50, 140, 0, 0)
    await until(() =>
      expect(asked.at(-1)).toMatchObject({
        path: '/apps/shop/dynos/d/actions/resize',
        body: JSON.stringify({ columns: 140, rows: 50 }),
      }),
    )
    channel.end()
  })

  test('carries 50 MB both ways unchanged', { timeout: 60_000 }, async () => {
    const sent = randomBytes(50 << 20)
    const channel = await shell(await connect(await create()), false)
    channel.end(sent)
    const chunks: Buffer[] = []
    for await (const chunk of channel) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).equals(sent)).toBe(true)
  })

  test('holds up a dyno that writes more than the client reads', async () => {
    let sent = 0
    dyno = (stream) => {
      const flood = () => {
        while (!stream.destroyed) {
          sent += 1024
          if (!stream.write(Buffer.alloc(1024))) break
        }
      }
      stream.on('drain', flood)
      flood()
    }
    const client = await connect(await create())
    const channel = await shell(client, false)
    channel.pause()
    let before = -1
    await until(() => {
      const isStill = sent === before
      before = sent
      expect(isStill).toBe(true)
    })
    expect(sent).toBeLessThan(32 << 20)
    client.destroy()
  })

  test('says the exit status in a line of its own when the client asked for it by its suffix', async () => {
    const channel = await shell(await connect(await create({ command: withMarker('exit 7') })), false)
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ command: 'exit 7' })
    channel.end('output')
    expect(await text(channel)).toBe(`output${marker}7\n`)
  })

  test('is opened once', async () => {
    const url = await create()
    const channel = await shell(await connect(url), false)
    const again = https.get(url, { ca, agent: false, headers: { connection: 'Upgrade', upgrade: 'tcp' } })
    const [response] = (await once(again, 'response')) as [{ statusCode: number }]
    expect(response.statusCode).toBe(404)
    again.destroy()
    channel.end()
  })

  test.each([
    ['nobody was told of', `/attach/${'x'.repeat(32)}`],
    ['is none', '/attach/x'],
    ['leads elsewhere', '/apps'],
  ])('by a secret that %s is not opened', async (_, path) => {
    const options = { ca, agent: false, headers: { connection: 'Upgrade', upgrade: 'tcp' } }
    const request = https.get(`https://127.0.0.1:${world.port}${path}`, options)
    const [response] = (await once(request, 'response')) as [{ statusCode: number }]
    expect(response.statusCode).toBe(404)
    expect(asked).toEqual([])
    request.destroy()
  })

  test.each([
    ['a foreign host', { host: 'evil.example' }],
    ['an origin', { origin: 'https://evil.example' }],
  ])('is not opened for a page of %s', async (_, headers) => {
    const url = await create()
    const upgrade = { connection: 'Upgrade', upgrade: 'tcp', ...headers }
    const request = https.get(url, { rejectUnauthorized: false, agent: false, headers: upgrade })
    const [response] = (await once(request, 'response')) as [{ statusCode: number }]
    expect(response.statusCode).toBe(403)
    request.destroy()
  })

  test('ends the dyno when the client goes', async () => {
    const closed = vi.fn()
    dyno = (stream) => stream.on('close', closed).resume()
    const client = await connect(await create())
    const channel = await shell(client, { cols: 80, rows: 24 })
    await until(() => expect(asked.some(({ path }) => path.startsWith('/attach'))).toBe(true))
    channel.on('error', () => {})
    client.destroy()
    await until(() => expect(closed).toHaveBeenCalled())
  })

  test('that loses its server is no success', async () => {
    dyno = (stream) => {
      stream.write('begun')
      setImmediate(() => world.fake.breakConnections())
    }
    const channel = await shell(await connect(await create({ command: withMarker('x') })), false)
    const exit = exitOf(channel)
    expect(await text(channel)).toBe(`begun${marker}255\n`)
    expect(await exit).toBe(255)
  })

  test('inside a dyno is opened the same way', async () => {
    const channel = await shell(await connect(await create({ path: '/apps/shop/dynos/web.1' })), false)
    channel.end('x')
    expect(await text(channel)).toBe('x')
  })
})

describe('a terminal by rendezvous', () => {
  const rendezvous = { 'hearth-attach': 'rendezvous' }

  async function connect(url: string): Promise<{ socket: tls.TLSSocket; next: () => Promise<string> }> {
    const { hostname, port, pathname, protocol } = new URL(url)
    expect(protocol).toBe('rendezvous:')
    const socket = tls.connect({ host: hostname, port: Number(port), ca })
    const pieces: string[] = []
    let wake = () => {}
    socket.setEncoding('utf8').on('data', (piece: string) => {
      pieces.push(piece)
      wake()
    })
    socket.on('error', () => {})
    socket.write(`${pathname.slice(1)}\r\n`)
    const next = async () => {
      while (pieces.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return pieces.shift() ?? ''
    }
    return { socket, next }
  }

  test('begins with a banner in a piece of its own, and takes input at once', async () => {
    const { socket, next } = await connect(await create({}, rendezvous))
    socket.write('typed before anything was said')
    expect(await next()).toBe('rendezvous\r\n')
    expect(await next()).toBe('typed before anything was said')
    socket.end()
  })

  test('leaves the kind of terminal to the creation, and asks for pipes when no terminal is wanted', async () => {
    await (await connect(await create({}, rendezvous))).next()
    await (await connect(await create({ force_no_tty: true }, rendezvous))).next()
    await until(() => {
      const opened = asked.filter(({ path }) => path.startsWith('/attach'))
      expect(opened.map(({ headers }) => headers['hearth-terminal'])).toEqual([undefined, 'pipes'])
    })
  })

  test('ends the input of pipes at a last byte 04, and keeps one in the middle', async () => {
    let received = ''
    dyno = (stream) => {
      stream.setEncoding('latin1').on('data', (chunk) => (received += chunk))
      stream.on('end', () => stream.end('done'))
    }
    const { socket, next } = await connect(await create({ force_no_tty: true }, rendezvous))
    await next()
    socket.write('a\u0004')
    socket.write('b')
    socket.write('\u0004')
    expect(await next()).toBe('done')
    expect(received).toBe('a\u0004b')
  })

  test('passes the byte 04 on to a terminal, which knows what it means', async () => {
    const { socket, next } = await connect(await create({}, rendezvous))
    await next()
    socket.write('\u0004')
    expect(await next()).toBe('\u0004')
    socket.end()
  })

  test('says the exit status in a piece of its own', async () => {
    dyno = (stream) => stream.end('output\n')
    const { next, socket } = await connect(await create({ command: withMarker('x') }, rendezvous))
    const ended = once(socket, 'end')
    expect([await next(), await next(), await next()]).toEqual(['rendezvous\r\n', 'output\n', `${marker}7\n`])
    await ended
  })

  test('carries 10 MB of text both ways unchanged', async () => {
    const sent = randomBytes(5 << 20).toString('hex')
    const { socket, next } = await connect(await create({ force_no_tty: true }, rendezvous))
    await next()
    socket.write(sent)
    let received = ''
    while (received.length < sent.length) received += await next()
    expect(received === sent).toBe(true)
    socket.end()
  })

  test('that loses its server ends with an error and not in peace', async () => {
    dyno = (stream) => {
      stream.write('begun')
      setImmediate(() => world.fake.breakConnections())
    }
    const { socket } = await connect(await create({}, rendezvous))
    const [error] = (await once(socket, 'error').catch((thrown) => [thrown])) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  test('by a secret that nobody was told of is closed without a word', async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: world.port, ca })
    socket.write(`${'x'.repeat(32)}\r\n`)
    expect(await text(socket)).toBe('')
  })
})
