import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DynoPorts } from '../../../agent/process/dyno-ports.ts'
import { samples } from '../../../electron/core/deploy/folders.ts'
import { previewFolder } from '../../../electron/core/folder/folder-preview.ts'
import { walkFolder } from '../../../electron/core/folder/folder-walk.ts'
import { eventually } from '../../servers/eventually.ts'
import { root } from '../../tooling/repository.ts'

const directory = path.join(root, 'electron/samples')
const greetings: Record<string, string> = {
  'hello-node': 'Hello from your own Hearth',
  'hello-typescript': 'Hello from TypeScript',
  'hello-python': 'Hello from Python',
  'static-site': '<title>A site of your own</title>',
}

test('every sample that is offered is there, and no other', async () => {
  expect((await readdir(directory)).sort()).toEqual(samples.map(({ name }) => name).sort())
})

describe.each(samples.map(({ name }) => name))('the sample %s', (name) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hearth-sample-'))
    await cp(path.join(directory, name), folder, { recursive: true })
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('is taken by a built-in buildpack, has a web process and nothing to warn of', async () => {
    const preview = await previewFolder(await walkFolder(folder))
    const buildpack = name === 'hello-python' ? 'hearth/python' : 'hearth/node'
    expect(preview).toMatchObject({ buildpack, warnings: [], leftOut: [] })
    expect(Object.keys(preview.processTypes)).toEqual(['web'])
  })

  test('answers on its port once it is built, and ends when it is asked to', async () => {
    const build = await readBuild()
    if (build) expect(await once(run(build), 'exit')).toEqual([0, null])
    const port = await new DynoPorts('127.0.0.1').take()
    const [, command = ''] = /^web: (.*)$/m.exec(await readFile(path.join(folder, 'Procfile'), 'utf8')) ?? []
    const web = run(command, { PORT: String(port), DYNO: 'web.1' })
    const ended = once(web, 'exit')
    try {
      const body = await eventually(
        () =>
          fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then(
            (answer) => answer.text(),
            () => null,
          ),
        20_000,
        'it does not answer',
      )
      expect(body).toContain(greetings[name])
    } finally {
      web.kill('SIGTERM')
    }
    expect(await ended).toEqual([0, null])
  })

  async function readBuild(): Promise<string | undefined> {
    const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{"scripts":{}}')
    return JSON.parse(text).scripts.build
  }

  function run(command: string, environment: Record<string, string> = {}) {
    const [program = '', ...parameters] = command.split(' ')
    // What the buildpacks call `python` is Python 3, whatever this machine calls it.
    return spawn(program === 'python' ? 'python3' : process.execPath, parameters, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: 'ignore',
    })
  }
})
