import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { openRealAgent, type RealAgent } from '../../contract/real-agent.ts'
import { sendFiles } from '../../contract/source-of.ts'
import { eventually } from '../../servers/index.ts'
import { isAllAsked } from '../../tooling/scope.ts'
import { ask } from '../resilience/load.ts'

// A whole agent with its router on a disk of its own, in a file, which dies as disks do.
interface Death {
  readonly how: string
  readonly fileSystem: 'ext4' | 'ext2'
  strike(): void
  readonly problem: RegExp
}

const deaths: readonly Death[] = [
  {
    how: 'that the kernel gives up, as it gives up a broken one,',
    fileSystem: 'ext4',
    strike: () => execFileSync('mount', ['-o', 'remount,abort', disk]),
    problem: /^is read-only \(EROFS\)/,
  },
  {
    how: 'that fails each write',
    // Without a journal nobody makes it read-only: each write fails by itself.
    fileSystem: 'ext2',
    strike: () => {
      const image = path.join(folder, 'image')
      const [device = ''] = execFileSync('losetup', ['-n', '-O', 'NAME', '-j', image], { encoding: 'utf8' }).split('\n')
      truncateSync(image, 0)
      execFileSync('losetup', ['--set-capacity', device.trim()])
    },
    problem: /^does not take what is written to it \(EIO\)/,
  },
]

const app = 'shop'
const server = `require('node:http').createServer((request, response) => {
  if (request.url === '/exit') process.exit(1)
  response.end('served')
}).listen(process.env.PORT)`

let folder: string
let disk: string
let real: RealAgent
const problems: string[] = []

async function open(fileSystem: string): Promise<void> {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-dead-disk-'))
  disk = path.join(folder, 'disk')
  await mkdir(disk)
  const image = path.join(folder, 'image')
  await writeFile(image, '')
  await truncate(image, 256 * 1024 * 1024)
  execFileSync(`mkfs.${fileSystem}`, ['-q', image])
  execFileSync('mount', ['-o', 'loop', image, disk])
  real = await openRealAgent({ parent: disk, report: (problem, cause) => problems.push(`${problem}: ${cause}`) })
}
afterEach(async () => {
  // What it would write at its end, it can't.
  await real?.close().catch(() => {})
  execFileSync('umount', ['--lazy', disk])
  await rm(folder, { recursive: true })
})

const visit = (where = '/') =>
  ask({ host: '127.0.0.1', port: real.routerPort, hostname: `${app}.localhost`, path: where })

async function deploy(): Promise<void> {
  const { agent } = real
  await agent.call('createApp', {}, { name: app })
  const url = await sendFiles(agent, app, { Procfile: 'web: node server.js\n', 'server.js': server })
  const build = await agent.call('createBuild', { app }, { source_blob: { url } })
  await buffer(agent.readStream(build.output_stream_url))
}

/** What it says was made is there, and what was refused is not; the first changes may find room that the disk gave before. */
async function createUntilRefused(agent: RealAgent['agent'], refusal: object): Promise<string[]> {
  for (const made: string[] = []; ; ) {
    const name = `another-${made.length}`
    try {
      await agent.call('createApp', {}, { name })
    } catch (error) {
      expect(error).toMatchObject(refusal)
      return made
    }
    made.push(name)
    expect(made.length).toBeLessThan(9)
  }
}

it.each(deaths.slice(0, isAllAsked ? undefined : 1))(
  'a disk $how is told of, refuses every change in plain words, and what runs is served on',
  async ({ fileSystem, strike, problem: expected }) => {
    await open(fileSystem)
    const { agent } = real
    await deploy()
    expect(await visit()).toEqual({ status: 200, body: 'served' })
    expect((await agent.call('getServerStatus', {})).disk.problem).toBeNull()

    strike()

    expect(await visit()).toEqual({ status: 200, body: 'served' })
    const refusal = {
      id: 'disk_failed',
      message: expect.stringMatching(/^The server's disk fails \(.*\): nothing was changed/),
    }
    const apps = await createUntilRefused(agent, refusal)
    await expect(agent.call('updateConfigVars', { app }, { A: 'b' })).rejects.toMatchObject(refusal)
    // Reading goes on: people must see what they have.
    expect((await agent.call('listApps', {})).map(({ name }) => name).sort()).toEqual([...apps, app])
    expect(await agent.call('listDynos', { app })).toMatchObject([{ name: 'web.1', state: 'up' }])
    const problem = async () => (await agent.call('getServerStatus', {})).disk.problem
    await eventually(async () => expected.test((await problem()) ?? ''), 60_000, 'the disk is said to be well')

    // A dyno that ends there is not written down, which must not end the agent.
    await visit('/exit').catch(() => undefined)
    await eventually(async () => (await visit()).status === 503, 20_000, 'the dyno is still there')
    expect((await agent.call('getApp', { app })).name).toBe(app)
    expect(problems.filter((text) => /unhandled|TypeError/i.test(text))).toEqual([])
  },
  120_000,
)
