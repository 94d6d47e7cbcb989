import { appendFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { deploy as deploySchema } from '../../../../electron/bridge/contract-deploys.ts'
import { DeployOutput } from '../../../../electron/core/deploy/deploy-output.ts'
import { lastWords } from '../../../../electron/core/deploy-words.ts'
import { until } from '../../../tooling/until.ts'
import { makeFolder, writeFiles } from '../make-folder.ts'
import { DeployWorld } from './deploy-world.ts'

let world: DeployWorld
let folder: string

beforeEach(async () => {
  world = await DeployWorld.open()
  folder = await makeFolder({ 'package.json': '{}', 'src/server.js': 'listen()', 'bin/run*': '#!', 'empty.js': '' })
})
afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
  expect(world.problems).toEqual([])
})

const start = (app = 'shop') => world.runner.start({ serverId: 'nas', app, openSource: async () => ({ path: folder }) })
const deploy = async (app = 'shop') => deploySchema.parse(await world.runner.finished(start(app).id))
const stage = (id: string) => world.runner.list().find((one) => one.id === id)?.stage

async function outputOf(id: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of world.runner.output(id, new AbortController().signal)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

describe('a deploy', () => {
  test('brings a folder to a release that serves, and creates the app', async () => {
    await symlink('src/server.js', join(folder, 'start.js'))
    const held = Promise.withResolvers<void>()
    world.bench.builder.working = held.promise
    const changes = vi.fn()
    world.changes.subscribe(({ topic }) => changes(topic))
    const { id } = start()
    await until(() => expect(stage(id)).toBe('build'))
    held.resolve()
    const ended = deploySchema.parse(await world.runner.finished(id))
    expect(ended).toMatchObject({
      ...{ state: 'succeeded', stage: 'done', appName: 'shop', url: 'http://shop.localhost:8780', error: null },
      files: { total: 4, sent: 4 },
      bytes: { total: 12, sent: 12 },
      release: { version: 2, status: 'succeeded', current: true },
    })
    expect(Object.keys(ended.stageMs)).toEqual(['scan', 'send', 'queue', 'build', 'release'])
    expect(world.sources.content).toEqual({
      ...{ 'package.json': '{}', 'src/server.js': 'listen()', 'bin/run': '#!', 'empty.js': '' },
      'start.js': '-> src/server.js',
    })
    expect(await outputOf(ended.id)).toContain('-----> Fake app detected')
    expect(changes).toHaveBeenCalledWith('deploys')
  })

  test('of a commit says in its release which one, and what it is about', async () => {
    const source = { path: folder, version: 'c0ffee12'.repeat(5), description: 'main: Round prices' }
    const { id } = world.runner.start({ serverId: 'nas', app: 'shop', openSource: async () => source })
    const { release, appId } = await world.runner.finished(id)
    expect(release?.description).toBe('Deploy c0ffee12')
    const [build] = await world.bench.call('listBuilds', { parameters: { app: appId }, body: undefined })
    expect(build?.source_blob).toMatchObject({ version: source.version, version_description: 'main: Round prices' })
  })

  test('sends only what changed since the last one', async () => {
    await deploy()
    await writeFiles(folder, { 'src/server.js': 'changed()' })
    const second = await deploy()
    expect(second.files).toEqual({ total: 1, sent: 1 })
    expect(second.release?.version).toBe(3)
    expect((await deploy()).files).toEqual({ total: 0, sent: 0 })
    expect(world.runner.list({ app: 'shop' }).map(({ release }) => release?.version)).toEqual([4, 3, 2])
  })

  test('says what the build said when it fails', async () => {
    world.bench.builder.failure = new HearthError('build_failed', 'No start script was found. Add one.')
    const ended = await deploy()
    expect(ended).toMatchObject({ state: 'failed', stage: 'build', release: null })
    expect(ended.error).toBe('The build failed: No start script was found. Add one.')
    expect(ended.endedAt).not.toBeNull()
  })

  test('says why a release failed and that the old one serves', async () => {
    world.bench.builder.processTypes = { web: 'exit 1' }
    const ended = await deploy()
    expect(ended).toMatchObject({ state: 'failed', stage: 'release', release: { version: 2, status: 'failed' } })
    expect(ended.error).toMatch(/^Release v2 failed: .*What served before still does\.$/)
  })

  test('refuses names, folders and servers with what to do', async () => {
    expect((await deploy('No Name')).error).toMatch(/"No Name" can't be an app's name: it must be 3 to 30/)
    await rm(folder, { recursive: true })
    expect((await deploy()).error).toMatch(/There is no folder/)
    const elsewhere = () =>
      world.runner.start({ serverId: 'x', app: 'shop', openSource: async () => ({ path: folder }) })
    expect(elsewhere).toThrow("Couldn't find that server")
  })
})

describe('a connection that is lost', () => {
  test('during the upload costs only what was on the way', async () => {
    const names = Array.from({ length: 30 }, (_, index) => [`file-${index}`, `${index}`.repeat(20_000)])
    await writeFiles(folder, Object.fromEntries(names))
    world.sources.onBlob = async (count) => {
      if (count === 10) await world.cut()
    }
    const ended = await deploy()
    expect(ended).toMatchObject({ state: 'succeeded', release: { version: 2 } })
    expect(new Set(world.sources.received).size).toBe(world.sources.received.length)
    expect(Object.values(world.sources.content)).not.toContain('lacking')
  })

  test('during the build loses nothing of it, and nothing of its output', async () => {
    const held = Promise.withResolvers<void>()
    world.bench.builder.working = held.promise
    const { id } = start()
    await until(() => expect(stage(id)).toBe('build'))
    await world.cut()
    held.resolve()
    expect(await world.runner.finished(id)).toMatchObject({ state: 'succeeded' })
    expect((await outputOf(id)).match(/Fake app detected/g)).toHaveLength(1)
  })

  test('for good ends the deploy with the reason', async () => {
    world.sources.onBlob = () => world.cut({ comesBack: false })
    expect(await deploy()).toMatchObject({ state: 'failed', stage: 'send', error: 'nas is offline.' })
  })
})

describe('a file that changes between digest and sending', () => {
  test('is digested and sent again', async () => {
    await writeFiles(folder, { 'a-big': 'x'.repeat(3_000_000) })
    let changed = false
    world.sources.createManifest = async (app, files) => {
      if (!changed) await appendFile(join(folder, 'src/server.js'), ' // more')
      changed = true
      return Object.getPrototypeOf(world.sources).createManifest.call(world.sources, app, files)
    }
    expect(await deploy()).toMatchObject({ state: 'succeeded' })
    expect(world.sources.content['src/server.js']).toBe('listen() // more')
  })

  test('ends the deploy with its name when it never rests', async () => {
    let round = 0
    world.sources.createManifest = async (app, files) => {
      round += 1
      await writeFile(join(folder, 'src/server.js'), `listen(${round})`)
      return Object.getPrototypeOf(world.sources).createManifest.call(world.sources, app, files)
    }
    const ended = await deploy()
    expect(ended.state).toBe('failed')
    expect(ended.error).toMatch(/^"src\/server.js" keeps changing/)
  })
})

describe('cancelling', () => {
  test('during the upload ends it at once', async () => {
    const arrived = Promise.withResolvers<void>()
    world.sources.onBlob = () => {
      arrived.resolve()
      return new Promise(() => {})
    }
    const { id } = start()
    await arrived.promise
    expect(await world.runner.cancel(id)).toMatchObject({ state: 'cancelled', stage: 'send', error: null })
    expect(world.bench.builder.requests).toHaveLength(0)
    await expect(world.runner.cancel(id)).rejects.toThrow('already ended')
  })

  test('during the build ends the build on the server', async () => {
    world.bench.builder.working = new Promise(() => {})
    const { id } = start()
    await until(() => expect(stage(id)).toBe('build'))
    expect(await world.runner.cancel(id)).toMatchObject({ state: 'cancelled', stage: 'build' })
    const [build] = await world.bench.call('listBuilds', { parameters: { app: 'shop' }, body: undefined })
    expect(build?.status).toBe('failed')
    expect(await outputOf(id)).toContain('was cancelled by ann@laptop')
  })

  test('while a release starts is refused, with what to do instead', async () => {
    world.bench.builder.processTypes = { web: 'hang' }
    const { id } = start()
    await until(() => expect(stage(id)).toBe('release'))
    await expect(world.runner.cancel(id)).rejects.toThrow('Roll back when it is done')
    expect(world.runner.list()[0]?.step).toEqual(expect.any(String))
  })
})

describe('the output of a deploy', () => {
  test('ends with the reason of a failure, which is its last marked block', () => {
    expect(lastWords('')).toBeNull()
    const output = ' !     a warning\n-----> npm\n !     It failed.\n !\n !     Do this.\n !     (the-id)\n\n'
    expect(lastWords(output)).toBe('It failed.\nDo this.')
    // The agent repeats the headline after it.
    expect(lastWords(`${output} !     It failed.\n`)).toBe('It failed.\nDo this.')
  })

  test('is there from its start for late readers, and bounded', async () => {
    const output = new DeployOutput(200_000)
    for (let index = 0; index < 40; index += 1) output.append(Buffer.alloc(10_000, 'x'))
    output.end()
    let text = ''
    for await (const chunk of output.follow(new AbortController().signal)) text += Buffer.from(chunk).toString()
    expect(text.length).toBeLessThan(201_000)
    expect(text).toMatch(/^\[2\d{5} bytes of the output before this are no longer kept\]\nx/)
  })
})
