import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GitCheckouts } from '../../../../electron/core/git/git-checkouts.ts'
import { readRepositoryAddress } from '../../../../electron/core/git/repository-address.ts'
import { runChild } from '../../../../electron/exec/spawn.ts'

let home: string
let repository: string
let checkouts: GitCheckouts
/** Whatever of a repository runs makes this file. */
let marker: string

const environment = () => ({ HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: path.join(home, 'global') })
const git = (...parameters: string[]) =>
  execFileSync('git', parameters, { cwd: repository, env: { ...process.env, ...environment() }, encoding: 'utf8' })
const write = async (name: string, text: string) => {
  await mkdir(path.dirname(path.join(repository, name)), { recursive: true })
  await writeFile(path.join(repository, name), text)
}
const commit = (message: string) => {
  git('add', '--all')
  git('commit', '--quiet', '--message', message)
}
const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "hearth it's-"))
  repository = path.join(home, 'My shop')
  marker = path.join(home, 'it-ran')
  await mkdir(repository)
  await writeFile(path.join(home, 'global'), '[user]\n\tname = Ann\n\temail = ann@example.com\n')
  git('init', '--quiet', '--initial-branch=main')
  await write('server.js', 'listen()')
  commit('Listen')
  checkouts = new GitCheckouts({
    directory: path.join(home, 'checkouts'),
    // As the desktop runs it, by a user whose own configuration is the test's.
    run: (command, options = {}) =>
      runChild(command, { ...options, environment: { ...environment(), ...options.environment } }),
  })
})
afterEach(async () => {
  await checkouts.close()
  await rm(home, { recursive: true })
})

describe('a repository to deploy', () => {
  test('tells its branches, and which one is its own choice', async () => {
    git('branch', 'feature/tax')
    const told = await checkouts.branches(repository)
    expect(told).toMatchObject({ name: 'My-shop', defaultBranch: 'main' })
    expect(told.branches.map(({ name }) => name)).toEqual(['feature/tax', 'main'])
  })

  test('gives the files of a branch as they were committed, with modes and links, and nothing of git', async () => {
    git('switch', '--quiet', '--create', 'next')
    await write('bin/run', '#!/bin/sh')
    await chmod(path.join(repository, 'bin/run'), 0o755)
    await symlink('server.js', path.join(repository, 'start.js'))
    commit('Round prices')
    await write('server.js', 'not committed')
    const { path: folder, commit: id, subject } = await checkouts.checkOut(repository, 'next')
    expect([id, subject]).toEqual([git('rev-parse', 'next').trim(), 'Round prices'])
    expect((await readdir(folder)).sort()).toEqual(['bin', 'server.js', 'start.js'])
    expect(await readFile(path.join(folder, 'start.js'), 'utf8')).toBe('listen()')
    expect((await stat(path.join(folder, 'bin/run'))).mode & 0o111).toBe(0o111)
    await checkouts.close()
    expect(await exists(folder)).toBe(false)
  })

  test('is refused by name when it has no such branch, and leaves nothing behind', async () => {
    await expect(checkouts.checkOut(repository, 'gone')).rejects.toThrow(/git could not read file:.*gone/)
    const [own = ''] = await readdir(path.join(home, 'checkouts'))
    expect(await readdir(path.join(home, 'checkouts', own))).toEqual([])
  })

  test('is given up when nobody waits for it', async () => {
    await expect(checkouts.checkOut(repository, 'main', AbortSignal.abort())).rejects.toThrow('was stopped')
  })
})

describe('a hostile repository', () => {
  const command = () => `touch "${marker}"`

  test('runs none of its hooks, filters, monitors and commands, nor a filter or a hook of the user', async () => {
    await write('.gitattributes', '* filter=evil\n')
    commit('Evil')
    for (const name of ['post-checkout', 'pre-auto-gc', 'reference-transaction', 'post-index-change']) {
      await write(`.git/hooks/${name}`, `#!/bin/sh\n${command()}\n`)
      await chmod(path.join(repository, '.git/hooks', name), 0o755)
    }
    const settings = {
      'filter.evil.smudge': command(),
      'filter.evil.process': command(),
      'core.fsmonitor': command(),
      'core.sshCommand': command(),
      'uploadpack.packObjectsHook': command(),
      'core.alternateRefsCommand': command(),
      'protocol.ext.allow': 'always',
    }
    for (const [name, value] of Object.entries(settings)) git('config', name, value)
    for (const name of ['filter.evil.smudge', 'filter.evil.process'])
      git('config', '--file', path.join(home, 'global'), name, command())
    git('config', '--file', path.join(home, 'global'), 'init.templateDir', path.join(repository, '.git'))
    const { path: folder } = await checkouts.checkOut(repository, 'main')
    expect(await readFile(path.join(folder, 'server.js'), 'utf8')).toBe('listen()')
    expect(await exists(marker)).toBe(false)
    // The same repository does run them for whoever is not careful.
    const careless = path.join(home, 'careless')
    spawnSync('git', ['clone', '--quiet', repository, careless], {
      env: { ...process.env, ...environment() },
      stdio: 'pipe',
    })
    expect(await exists(marker)).toBe(true)
  })

  test('fetches nothing more, through no command of its own, when it lacks objects', async () => {
    git('config', 'extensions.partialClone', 'evil')
    git('config', 'core.repositoryFormatVersion', '1')
    git('config', 'remote.evil.url', 'file:///nowhere')
    git('config', 'remote.evil.promisor', 'true')
    git('config', 'remote.evil.uploadpack', `${command()};`)
    const blob = git('rev-parse', 'HEAD:server.js').trim()
    await rm(path.join(repository, '.git/objects', blob.slice(0, 2), blob.slice(2)))
    await expect(checkouts.checkOut(repository, 'main')).rejects.toThrow('git could not read')
    expect(await exists(marker)).toBe(false)
  })

  test.each([
    'ext::sh -c touch% it-ran',
    'http://example.com/shop.git',
    'git://example.com/shop.git',
    'https://ann:hunter2@example.com/shop.git',
    'https://token@example.com/shop.git',
    '-oProxyCommand=touch:shop',
    'ssh://-oProxyCommand=touch/shop',
    'shop',
    '--upload-pack=touch',
  ])('is not asked for at %s', (location) => {
    expect(() => readRepositoryAddress(location)).toThrow(/is no repository|holds a login/)
  })

  test.each([
    ['https://example.com/you/shop.git', 'shop'],
    ['git@example.com:you/shop.git', 'shop'],
    ['ssh://git@example.com:2222/you/shop', 'shop'],
    ['file:///srv/git/my%20shop.git', 'my-shop'],
  ])('at %s is called %s', (location, name) => {
    expect(readRepositoryAddress(location)).toEqual({ url: location, name })
  })
})
