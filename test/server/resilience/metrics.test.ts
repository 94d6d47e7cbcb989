import http from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppMetrics } from '../../../agent/contract/metrics.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { agentOf } from '../security/run-in-app.ts'
import { makeApp } from './app.ts'

// What a server records of itself, by the clock: its steps are ten seconds.

const app = 'measured'
const stepMs = 30_000
const answers = `
require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/broken' ? 500 : 200
  setTimeout(() => response.end(), request.url === '/slow' ? 400 : 0)
}).listen(process.env.PORT)
`

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.deploy(app, await makeApp('', { files: { 'server.js': answers } }))
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

const metrics = () => agentOf(hearth.desktop).call('getAppMetrics', { app, span: '1h' })
const total = (figures: AppMetrics['requests']['2xx']) =>
  Math.round(figures.reduce<number>((sum, rate) => sum + (rate ?? 0) * 10, 0))

function visit(path: string): Promise<void> {
  const options = { host: hearth.server.host, port: 80, path, headers: { host: `${app}.localhost` }, agent: false }
  return new Promise((resolve, reject) => {
    http.get(options, (answer) => answer.resume().on('end', resolve)).on('error', reject)
  })
}

/** Until so many requests of each kind are in the series. */
async function recorded(ok: number, broken: number): Promise<AppMetrics> {
  const isThere = async () => {
    const seen = await metrics()
    return total(seen.requests['2xx']) >= ok && total(seen.requests['5xx']) >= broken && seen
  }
  return eventually(isThere, stepMs, 'the requests are not recorded')
}

/** A step began with no request in it: what follows is counted from its beginning. */
async function whenRecording(): Promise<void> {
  await eventually(async () => (await metrics()).requests['2xx'].at(-1) !== null, stepMs, 'nothing is recorded')
}

test('requests by class, response times, and what a dyno takes of its limit', async () => {
  await whenRecording()
  const before = total((await metrics()).requests['2xx'])
  await Promise.all([...new Array(40).fill('/'), ...new Array(7).fill('/broken'), '/slow', '/slow'].map(visit))
  const { requests, response_time, dynos } = await recorded(before + 42, 7)
  expect(total(requests['2xx'])).toBe(before + 42)
  expect(total(requests['5xx'])).toBe(7)
  expect(Math.max(...response_time.p99.map((time) => time ?? 0))).toBeGreaterThan(300)
  expect(dynos.map(({ name }) => name)).toEqual(['web.1'])
  expect(dynos[0]?.memory_limit_bytes).toBe(512 * 1024 ** 2)
  expect(dynos[0]?.memory_bytes.at(-1)).toBeGreaterThan(10_000_000)
  await eventually(
    async () => (await metrics()).dynos[0]?.cpu.some((cpu) => cpu !== null),
    stepMs,
    'its CPU is unknown',
  )
})

test('an agent that is killed loses no request that the router counted meanwhile', async () => {
  const before = await countBroken()
  await Promise.all(new Array(5).fill('/broken').map(visit))
  await hearth.server.exec(['systemctl', 'kill', '--signal=KILL', 'hearth-agent'])
  await Promise.all(new Array(5).fill('/broken').map(visit))
  await hearth.desktop.whenAnswering()
  await eventually(async () => (await countBroken()) === before + 10, stepMs, 'a request was lost')
  // And what was before is still there.
  expect(Math.max(...(await metrics()).requests['2xx'].map((rate) => rate ?? 0))).toBeGreaterThan(0)
})

/** Requests as they are written down: a series tells averages, which are of more than a step around a pause. */
async function countBroken(): Promise<number> {
  const script = `const { DatabaseSync } = require('node:sqlite')
    const file = new DatabaseSync('/var/lib/hearth/metrics.db', { readOnly: true })
    const rows = file.prepare("SELECT sample FROM samples JOIN series ON id = series_id WHERE owner <> '' AND tier = 10000")
    console.log(rows.all().reduce((sum, { sample }) => sum + (JSON.parse(sample).s?.[4] ?? 0), 0))`
  const { stdout } = await hearth.server.exec(['/usr/lib/hearth/current/node', '-e', script])
  return Number(stdout)
}

test('the server’s memory, CPU and disk, and what the disk is used for', async () => {
  const agent = agentOf(hearth.desktop)
  const server = await agent.call('getServerMetrics', { span: '1h' })
  expect(server.memory.used_bytes.at(-1)).toBeGreaterThan(10_000_000)
  expect(server.cpu.cores).toBeGreaterThan(0)
  expect(server.disk.used_bytes.at(-1)).toBeLessThan(server.disk.total_bytes ?? 0)
  expect(total(server.requests['5xx'])).toBeGreaterThanOrEqual(7)
  const { used_by } = await agent.call('getDiskUse', {})
  const bytesOf = (kind: string) => used_by.find((use) => use.kind === kind)?.bytes ?? 0
  for (const kind of ['stacks', 'layers', 'slugs']) expect(bytesOf(kind)).toBeGreaterThan(1_000)
  expect(bytesOf('stacks')).toBeGreaterThan(bytesOf('slugs'))
})
