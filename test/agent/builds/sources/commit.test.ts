import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { waitUntilAccepting } from '../../../../agent/exec/listening.ts'
import { DynoPorts } from '../../../../agent/process/dyno-ports.ts'
import { GitClient } from '../../git/git-client.ts'
import { SshStandIn } from '../../git/ssh-stand-in.ts'
import { openWorkshop, type Workshop } from '../workshop.ts'

vi.setConfig({ testTimeout: 60_000 })

let workshop: Workshop
let ssh: SshStandIn
let appId: string
/** Repositories that submodules come from, and where git serves them. */
let daemon: { url: string; stop: () => Promise<void> }
beforeAll(async () => {
  workshop = await openWorkshop()
  ssh = await SshStandIn.open(workshop.directory, ({ service, protocol }) =>
    workshop.git.openSession({ appId, service, protocol, mode: 'session', onPush: async () => true }),
  )
  daemon = await serveRepositories(path.join(workshop.directory, 'public'))
}, 60_000)
afterAll(async () => {
  await daemon.stop()
  await ssh.close()
  await workshop.close()
})

async function serveRepositories(base: string) {
  mkdirSync(base)
  const port = await new DynoPorts('127.0.0.1').take()
  const flags = ['--export-all', '--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${base}`]
  const child = spawn('git', ['daemon', ...flags, base], { detached: true, stdio: 'ignore' })
  await waitUntilAccepting({ host: '127.0.0.1', port }, AbortSignal.timeout(20_000))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = () => {
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    return ended
  }
  return { url: `git://127.0.0.1:${port}`, stop }
}

let clients = 0
/** A new app's repository at a client. */
async function open(folder = `client-${++clients}`): Promise<GitClient> {
  appId = randomUUID()
  mkdirSync(path.join(workshop.directory, folder), { recursive: true })
  const client = new GitClient(path.join(workshop.directory, folder), { GIT_SSH_COMMAND: ssh.command })
  await client.init('hearth@server:my-app.git')
  return client
}

const manifest = { Procfile: 'web: true\n' }

/** A buildpack that lists the app's files. */
function writeBuildpack(folder: string): string {
  mkdirSync(path.join(folder, 'bin'), { recursive: true })
  const scripts = { detect: 'echo Listed', layers: '', compile: 'cd "$1" && find . | sort' }
  for (const [name, text] of Object.entries(scripts))
    writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return folder
}

async function build(client: GitClient): Promise<string> {
  await client.git('push', '--quiet', 'hearth', 'main')
  const request = workshop.request(`git:${await client.git('rev-parse', 'HEAD')}`, {
    app: { id: appId, name: 'my-app' },
    buildpacks: [writeBuildpack(path.join(workshop.directory, 'lister'))],
  })
  await workshop.builder.build(request, new AbortController().signal)
  return workshop.lastOutput
}

describe('a commit as the source of a build', () => {
  test('has its submodules, and theirs, and no trace of git', async () => {
    const inner = await open('public/inner')
    await inner.commit('Inner', { 'inner.txt': 'inner' })
    const outer = await open('public/outer')
    await outer.commit('Outer', { 'outer.txt': 'outer' })
    const allowed = ['-c', 'protocol.git.allow=always']
    await outer.git(...allowed, 'submodule', '--quiet', 'add', `${daemon.url}/inner`, 'deep/inner')
    await outer.git('commit', '--quiet', '-m', 'With inner')
    const ann = await open()
    await ann.git(...allowed, 'submodule', '--quiet', 'add', `${daemon.url}/outer`, 'vendor/o u')
    const moved = await outer.git('rev-parse', 'HEAD')
    await outer.commit('Later, not wanted', { later: 'later' })
    await ann.commit('First', manifest)
    const output = await build(ann)
    expect(output).toMatch(/-----> Fetching submodules: vendor\/o u\n/)
    expect(output).toMatch(/\.\/vendor\/o u\/outer\.txt/)
    expect(output).toMatch(/\.\/vendor\/o u\/deep\/inner\/inner\.txt/)
    expect(output).not.toMatch(/\/later$/m)
    expect(output).not.toMatch(/\.git$/m)
    expect(moved).toHaveLength(40)
  })

  test.each([
    ['over SSH', 'git@example.com:private.git'],
    ['relative to the app', '../lib.git'],
    ['of a file', 'file:///etc'],
    ['that is not there', () => `${daemon.url}/nothing`],
  ])('with a submodule %s is refused with the remedy', async (_, url) => {
    const ann = await open()
    const other = await ann.commit('First', manifest)
    await ann.git('update-index', '--add', '--cacheinfo', `160000,${other},lib`)
    const where = typeof url === 'string' ? url : url()
    const modules = `[submodule "lib"]\n\tpath = lib\n\turl = ${where}\n`
    mkdirSync(path.join(ann.folder, 'lib'))
    await ann.commit('With a submodule', { '.gitmodules': modules })
    await expect(build(ann)).rejects.toMatchObject({
      id: 'build_failed',
      message: expect.stringContaining('A submodule could not be fetched'),
    })
  })

  test('is without what .slugignore names, and with what .gitattributes keeps out of archives', async () => {
    const ann = await open()
    const files = { '.gitattributes': 'docs export-ignore\n', '.slugignore': 'spec\n', 'docs/a': 'a', 'spec/b': 'b' }
    await ann.commit('First', { ...manifest, ...files })
    const output = await build(ann)
    expect(output).toMatch(/\.\/docs\/a\n/)
    expect(output).not.toContain('./spec/b')
  })

  test('whose file is a pointer of Git LFS is refused and names it', async () => {
    const ann = await open()
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n'
    await ann.commit('First', { ...manifest, 'big.bin': pointer })
    // Without the attribute it is a text like any other.
    await build(ann)
    await ann.commit('Second', {
      'sub/.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'sub/x.bin': pointer,
    })
    await expect(build(ann)).rejects.toThrow(/'(big|sub\/x)\.bin' is kept by Git LFS, which is not supported/)
  })

  test.each(['/etc/passwd', '../../outside', 'a/../../x'])('with a link to %s is refused', async (target) => {
    const ann = await open()
    await ann.commit('First', manifest)
    symlinkSync(target, path.join(ann.folder, 'leak'))
    await ann.commit('Second', {})
    await expect(build(ann)).rejects.toThrow(/'leak' is refused because it is a link/)
  })
})
