import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { containerCommands } from '../../../electron/cli/apps/container.ts'
import { Values } from '../../../electron/cli/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-container-'))
  await mkdir(join(folder, 'bin'))
  // What docker is asked is written down; what it saves is an image of one layer.
  const docker = `#!/bin/sh
echo "$*" >>${folder}/asked
[ "$1" = save ] || exit 0
[ "$2" != gone ] || exit 1
[ "$2" != endless ] || exec yes
cd ${folder}/image && exec tar -cf - c.json layer.tar manifest.json
`
  await mkdir(join(folder, 'image'))
  const list = '[{"Config":"c.json","Layers":["layer.tar"]}]'
  const files = { 'image/c.json': '{}', 'image/layer.tar': 'layer', 'image/manifest.json': list, 'bin/docker': docker }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await chmod(join(folder, 'bin/docker'), 0o755)
  vi.stubEnv('PATH', `${folder}/bin:${process.env.PATH}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** A server that lacks nothing, and remembers what it is asked. */
function openServer(images: { process_type: string; id: string }[] = [], runner = 'systemd') {
  const calls: [string, unknown, unknown][] = []
  const answers: Record<string, unknown> = {
    getServer: { architecture: 'arm64', runner },
    createSourceManifest: { id: 'm1', missing: [], url: 'manifest:m1' },
    listPushedImages: images,
  }
  const call = async (name: string, parameters: { type?: string }, body: object) => {
    calls.push([name, parameters, body])
    return name === 'putPushedImage' ? { process_type: parameters.type, ...body } : answers[name]
  }
  return { calls, place: { serverId: 's', app: { id: 'a', name: 'shop' }, agent: { call } } }
}

async function run(
  command: string,
  words: string[],
  options: Record<string, string | boolean> = {},
  server = openServer(),
) {
  const found = containerCommands.find(({ name }) => name === `container ${command}`)
  return found?.run({
    ...{ words, values: new Values(options), directory: folder, signal: new AbortController().signal },
    console: { isJson: true, note: () => undefined, progress: async () => undefined },
    session: async () => ({ app: async () => server.place }),
  } as never)
}
const asked = async () => (await readFile(join(folder, 'asked'), 'utf8')).replaceAll(folder, '.').trim().split('\n')

test('an image is built for the server’s machine by the Dockerfile here, and pushed for its process type', async () => {
  const server = openServer()
  const answer = await run('push', ['web'], { arg: 'A=1,B=x y' }, server)
  expect(await asked()).toEqual([
    'build --platform linux/arm64 --file ./Dockerfile --tag hearth/shop-web --build-arg A=1 --build-arg B=x y .',
    'save hearth/shop-web',
  ])
  expect(server.calls.map(([name]) => name)).toEqual(['getServer', 'createSourceManifest', 'putPushedImage'])
  expect(server.calls.at(-1)).toMatchObject(['putPushedImage', { app: 'a', type: 'web' }, { source: 'manifest:m1' }])
  expect(answer?.text).toContain('hearth container:release web --app shop')
})

test('several are built by a Dockerfile.TYPE each, wherever it is', async () => {
  await mkdir(join(folder, 'jobs'))
  for (const name of ['Dockerfile.web', 'jobs/Dockerfile.worker', 'jobs/Dockerfile'])
    await writeFile(join(folder, name), '')
  await run('push', [], { recursive: true })
  expect(
    (await asked()).filter((line) => line.startsWith('build')).map((line) => line.replace(/.* --file/, '--file')),
  ).toEqual([
    '--file ./Dockerfile.web --tag hearth/shop-web .',
    '--file ./jobs/Dockerfile.worker --tag hearth/shop-worker ./jobs',
  ])
  await expect(run('push', ['clock'], { recursive: true })).rejects.toThrow('There is no Dockerfile.clock')
})

test('an image that is there already is pushed as it is, and one that is not is told', async () => {
  await run('push', ['web'], { image: 'shop:1.2' })
  expect(await asked()).toEqual(['save shop:1.2'])
  await expect(run('push', ['web'], { image: 'gone' })).rejects.toThrow('docker could not save gone')
  // What is refused is read no further, and ends.
  await expect(run('push', ['web'], { image: 'endless' })).rejects.toThrow('docker could not save endless')
})

test('this computer runs no images, which is told before one is built', async () => {
  await expect(run('push', ['web'], {}, openServer([], 'process'))).rejects.toThrow('Images are run by servers')
  await expect(asked()).rejects.toThrow('ENOENT')
})

test('what was not pushed is not released, and several need a Dockerfile each', async () => {
  const server = openServer([{ process_type: 'web', id: 'sha256:1' }])
  await expect(run('release', ['web', 'worker'], {}, server)).rejects.toThrow('No image was pushed to shop for worker')
  await expect(run('push', ['web', 'worker'])).rejects.toThrow('--recursive')
})
