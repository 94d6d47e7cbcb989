import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRealAgent, type RealAgent } from '../../contract/real-agent.ts'
import { sendFiles } from '../../contract/source-of.ts'
import { eventually } from '../../servers/index.ts'
import { ask } from '../resilience/load.ts'

// A whole agent with its router on a disk of its own, an ext4 in a file, which the kernel gives up as it gives up a broken one.
const app = 'shop'
const server = `require('node:http').createServer((request, response) => {
  if (request.url === '/exit') process.exit(1)
  response.end('served')
}).listen(process.env.PORT)`

let folder: string
let disk: string
let real: RealAgent
const problems: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-dead-disk-'))
  disk = path.join(folder, 'disk')
  const image = path.join(folder, 'image')
  await mkdir(disk)
  await writeFile(image, '')
  await truncate(image, 256 * 1024 * 1024)
  execFileSync('mkfs.ext4', ['-q', image])
  execFileSync('mount', ['-o', 'loop', image, disk])
  real = await openRealAgent({ parent: disk, report: (problem, cause) => problems.push(`${problem}: ${cause}`) })
}, 60_000)
afterAll(async () => {
  // What it would write at its end, it can't.
  await real?.close().catch(() => {})
  execFileSync('umount', ['--lazy', disk])
  await rm(folder, { recursive: true })
}, 60_000)

const visit = (where = '/') =>
  ask({ host: '127.0.0.1', port: real.routerPort, hostname: `${app}.localhost`, path: where })

async function deploy(): Promise<void> {
  const { agent } = real
  await agent.call('createApp', {}, { name: app })
  const url = await sendFiles(agent, app, { Procfile: 'web: node server.js\n', 'server.js': server })
  const build = await agent.call('createBuild', { app }, { source_blob: { url } })
  await buffer(agent.readStream(build.output_stream_url))
}

it('a disk that the kernel gives up is told of, refuses every change in plain words, and what runs is served on', async () => {
  const { agent } = real
  await deploy()
  expect(await visit()).toEqual({ status: 200, body: 'served' })
  expect((await agent.call('getServerStatus', {})).disk.problem).toBeNull()

  execFileSync('mount', ['-o', 'remount,abort', disk])

  expect(await visit()).toEqual({ status: 200, body: 'served' })
  const refusal = {
    id: 'disk_failed',
    message: expect.stringMatching(/^The server's disk fails \(.*\): nothing was changed/),
  }
  await expect(agent.call('createApp', {}, { name: 'another' })).rejects.toMatchObject(refusal)
  await expect(agent.call('updateConfigVars', { app }, { A: 'b' })).rejects.toMatchObject(refusal)
  // Reading goes on: people must see what they have.
  expect((await agent.call('listApps', {})).map(({ name }) => name)).toEqual([app])
  expect(await agent.call('listDynos', { app })).toMatchObject([{ name: 'web.1', state: 'up' }])
  const problem = async () => (await agent.call('getServerStatus', {})).disk.problem
  await eventually(
    async () => /^is read-only \(EROFS\)/.test((await problem()) ?? ''),
    60_000,
    'the disk is said to be well',
  )

  // A dyno that ends there is not written down, which must not end the agent.
  await visit('/exit').catch(() => undefined)
  await eventually(async () => (await visit()).status === 503, 20_000, 'the dyno is still there')
  expect((await agent.call('getApp', { app })).name).toBe(app)
  expect(problems.filter((text) => /unhandled|TypeError/i.test(text))).toEqual([])
}, 120_000)
