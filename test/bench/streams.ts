// npm run bench -- streams [--runs MINUTES]: websockets and event streams that say something less often than any timer but Heroku's
// 55 s looks, in real time, while the server is worked on: agents that are restarted, killed and upgraded, deploys of other apps,
// and at the end a router that is told to end. What counts is ended_early_count; what never says anything must end (silent_...).
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootHearthServer, type HearthServer, makeNextAgent } from '../server/hearth-server.ts'
import { makeApp } from '../server/resilience/app.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { round } from './figures/statistics.ts'

const app = 'streams'
const count = 25
/** Under the 55 s after which silence ends a stream, by less than a busy machine is late. */
const wordMs = 48_000
const defaultMinutes = 30

// Bytes come back as they went, which is all that a router sees of frames.
const program = `
const http = require('node:http')
const server = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: begun\\n\\n')
  const timer = setInterval(() => response.write('data: on\\n\\n'), ${wordMs})
  response.on('close', () => clearInterval(timer))
})
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n')
  socket.on('error', () => {}).on('data', (bytes) => socket.write(bytes))
})
server.listen(process.env.PORT)
`

interface Stream {
  readonly kind: 'websocket' | 'events' | 'silent'
  readonly socket: Socket
  readonly beganAt: number
  endedAt: number | null
  words: number
}

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-streams-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  await hearth.desktop.deploy(app, await makeApp('', { files: { 'server.js': program } }))
  const streams = (['websocket', 'events', 'silent'] as const).flatMap((kind) =>
    Array.from({ length: kind === 'silent' ? 3 : count }, () => openStream(hearth.server.host, kind)),
  )
  onEnd(() => {
    for (const { socket } of streams) socket.destroy()
  })
  const lasting = streams.filter(({ kind }) => kind !== 'silent')
  const minutes = runs ?? defaultMinutes
  const works = makeWorks(hearth, folder)
  for (const [name, work] of works) {
    await sleep((minutes * 60_000) / (works.length + 1), undefined, { signal })
    await work()
    say(`${name}: ${lasting.filter(({ endedAt }) => endedAt === null).length} of ${lasting.length} streams are open`)
  }
  await sleep((minutes * 60_000) / (works.length + 1), undefined, { signal })
  const early = lasting.filter(({ endedAt }) => endedAt !== null)
  const lastedS = (performance.now() - Math.max(...lasting.map(({ beganAt }) => beganAt))) / 1000
  const words = lasting.reduce((sum, stream) => sum + stream.words, 0)

  const toldAt = performance.now()
  await hearth.server.exec(['systemctl', 'restart', 'hearth-router'])
  while (lasting.some(({ endedAt }) => endedAt === null)) await sleep(100, undefined, { signal })
  const silent = streams.filter(({ kind }) => kind === 'silent')
  const secondsOf = ({ beganAt, endedAt }: Stream) => ((endedAt ?? Number.POSITIVE_INFINITY) - beganAt) / 1000
  return {
    streams_count: lasting.length,
    ended_early_count: early.length,
    lasted_s: round(lastedS),
    words_count: words,
    silent_ended_after_s: round(Math.max(...silent.map(secondsOf))),
    ended_after_router_restart_s: round((Math.max(...lasting.map(({ endedAt }) => endedAt ?? 0)) - toldAt) / 1000),
    n: lasting.length,
  }
}

function openStream(host: string, kind: Stream['kind']): Stream {
  const socket = connect({ host, port: 80 })
  const stream: Stream = { kind, socket, beganAt: performance.now(), endedAt: null, words: 0 }
  const upgrade = kind === 'events' ? '' : 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
  socket.write(`GET / HTTP/1.1\r\nHost: ${app}.localhost\r\n${upgrade}\r\n`)
  socket.on('error', () => {}).on('data', () => (stream.words += 1))
  const timer = kind === 'websocket' ? setInterval(() => socket.write('ping'), wordMs) : undefined
  socket.once('close', () => {
    clearInterval(timer)
    stream.endedAt = performance.now()
  })
  return stream
}

function makeWorks({ desktop, server }: HearthServer, folder: string): [name: string, work: () => Promise<unknown>][] {
  const systemctl = async (...parameters: string[]) => {
    await server.exec(['systemctl', ...parameters, 'hearth-agent'])
    await desktop.whenAnswering()
  }
  return [
    ['agent restarted', () => systemctl('restart')],
    ['another app deployed', async () => desktop.deploy('another', await makeApp('another'))],
    ['agent killed', () => systemctl('kill', '--signal=KILL')],
    [
      'agent upgraded',
      async () => {
        await desktop.install(await makeNextAgent(path.join(folder, 'next')), 600_000)
        await desktop.whenAnswering()
      },
    ],
    ['another app restarted', async () => desktop.calls['dynos.restart'](desktop.of('another'))],
  ]
}
