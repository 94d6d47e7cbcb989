import { randomUUID } from 'node:crypto'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../../agent/core/secret.ts'
import { fixture, openWorkshop, type Workshop } from '../../../agent/builds/workshop.ts'

// Here and not among the unit tests because they download Node.js and packages.
let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop?.close())

const never = new AbortController().signal

async function build(folder: string, appId: string = randomUUID(), vars: Record<string, string> = {}) {
  const url = await workshop.send(folder, appId)
  const request = workshop.request(url, { app: { id: appId, name: 'sample' }, configVars: new Secret(vars) })
  return workshop.builder.build(request, never)
}

async function open(built: Awaited<ReturnType<typeof build>>): Promise<string> {
  return (await workshop.slugs.open(built)).appDirectory
}

/** An API that needs another package of the workspace in its build. */
async function writeWorkspace(folder: string): Promise<void> {
  const api = { name: '@mono/api', version: '1.0.0', dependencies: { '@mono/words': '1.0.0' } }
  const words = { name: '@mono/words', version: '1.0.0' }
  const script = "require('fs').writeFileSync('words.txt', require('@mono/words'))"
  const files = {
    'package.json': { name: 'mono', private: true, workspaces: ['packages/*'] },
    'package-lock.json': {
      ...{ name: 'mono', lockfileVersion: 3, requires: true },
      packages: {
        '': { name: 'mono', workspaces: ['packages/*'] },
        'node_modules/@mono/api': { resolved: 'packages/api', link: true },
        'node_modules/@mono/words': { resolved: 'packages/words', link: true },
        'packages/api': api,
        'packages/words': words,
      },
    },
    'packages/api/package.json': { ...api, scripts: { build: `node -e "${script}"`, start: 'node server.js' } },
    'packages/words/package.json': { ...words, main: 'words.json' },
    'packages/words/words.json': 'good morning',
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    await writeFile(path.join(folder, name), JSON.stringify(content))
  }
}

describe('the Node.js buildpack', () => {
  it('builds an app without dependencies', async () => {
    const built = await build(fixture('node-hello'))
    expect(built).toMatchObject({ description: 'Node.js', processTypes: { web: 'node server.js' } })
    expect(built.layers[0]?.provider).toMatch(/^node 24\.\d+\.\d+$/)
  })

  it('installs what the lock file says, the same slug for another app, and keeps it for the next build', async () => {
    const appId = randomUUID()
    const folder = path.join(workshop.directory, 'express')
    await cp(fixture('node-express-like'), folder, { recursive: true })
    const first = await build(folder, appId)
    // Nothing is kept of another app's builds.
    expect((await build(folder)).checksum).toBe(first.checksum)
    expect(await readdir(path.join(await open(first), 'node_modules'))).toContain('express')
    expect(await readdir(path.join(await open(first), 'node_modules'))).not.toContain('semver')
    await writeFile(path.join(folder, 'lib/greet.js'), 'exports.greet = () => "changed"\n')
    const second = await build(folder, appId)
    expect(workshop.lastOutput).toContain('Nothing changed since the last build')
    expect(await readFile(path.join(await open(second), 'lib/greet.js'), 'utf8')).toContain('changed')
    expect((await readdir(await open(second))).sort()).toEqual((await readdir(await open(first))).sort())
  })

  it('builds the package of a workspace that PROJECT_PATH names where it is, and starts it there', async () => {
    const folder = path.join(workshop.directory, 'workspace')
    await writeWorkspace(folder)
    const built = await build(folder, randomUUID(), { PROJECT_PATH: 'packages/api' })
    expect(built.processTypes).toEqual({ web: 'node server.js' })
    expect(workshop.lastOutput).toContain('What lies around it stays: package.json above it holds them together')
    expect(workshop.lastOutput).toContain('Running the script "build" of packages/api')
    expect(await readFile(path.join(await open(built), 'packages/api/words.txt'), 'utf8')).toBe('good morning')
  })

  it('runs the build script with config vars, then removes development dependencies', async () => {
    const built = await build(fixture('node-build-script'), randomUUID(), { BUILD_NOTE: 'care' })
    expect(await readFile(path.join(await open(built), 'dist/server.js'), 'utf8')).toContain('built with care')
    const modules = await readdir(path.join(await open(built), 'node_modules'))
    expect(modules).toContain('ms')
    expect(modules).not.toContain('semver')
  })

  it('warns of a missing lock file and still builds', async () => {
    const built = await build(fixture('node-no-lockfile'))
    expect(workshop.lastOutput).toContain('no lock file')
    expect(built.processTypes).toEqual({ web: 'node server.js' })
    expect(workshop.lastOutput).toContain('Guessed from server.js')
  })

  it('leaves out a web process when the app has none', async () => {
    expect((await build(fixture('procfile-missing-web'))).processTypes).toEqual({ worker: 'node worker.js' })
  })

  it.each([
    ['node-two-lockfiles', /several lock files/],
    ['node-failing-build', /left-pad-that-is-not-there/],
    ['node-lock-out-of-sync', /package-lock.json does not match/],
  ])('says what is wrong with %s', async (name, message) => {
    await expect(build(fixture(name))).rejects.toMatchObject({
      id: 'build_failed',
      message: expect.stringMatching(message),
    })
  })

  it('says which versions there are when none fits', async () => {
    const folder = path.join(workshop.directory, 'future')
    await cp(fixture('node-hello'), folder, { recursive: true })
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ engines: { node: '99.x' } }))
    await expect(build(folder)).rejects.toThrow(/No version of Node.js fits '99.x'.*24\./)
  })
})
