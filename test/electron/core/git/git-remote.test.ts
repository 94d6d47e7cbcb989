import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GitRemotes, type GitRemotesOptions, type RemoteRequest } from '../../../../electron/core/git/git-remote.ts'
import { RemoteAddresses, type SshPlace } from '../../../../electron/core/git/remote-address.ts'
import { runChild } from '../../../../electron/exec/spawn.ts'

let home: string
let folder: string
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "hearth it's-"))
  folder = path.join(home, 'my app')
  await mkdir(folder)
  git('init', '--quiet')
})
afterEach(() => rm(home, { recursive: true }))

const environment = () => ({ HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: path.join(home, 'global') })
const git = (...parameters: string[]) =>
  execFileSync('git', parameters, { cwd: folder, env: { ...process.env, ...environment() }, encoding: 'utf8' })
const configuration = () => readFile(path.join(folder, '.git/config'), 'utf8')

function open(more: Partial<GitRemotesOptions> = {}): GitRemotes {
  const places: Record<string, SshPlace> = { nas: { host: '203.0.113.5', port: 22 } }
  const addresses = new RemoteAddresses({
    apiPort: () => 8801,
    sshPlace: (serverId) => places[serverId] ?? null,
    user: 'hearth',
  })
  return new GitRemotes({
    run: (command, options = {}) => runChild(command, { ...options, environment: environment() }),
    addresses,
    ownGitConfig: path.join(home, 'hearth.gitconfig'),
    sshConfig: path.join(home, 'ssh-config'),
    environment: {},
    ...more,
  })
}

const request = (more: Partial<RemoteRequest> = {}): RemoteRequest => ({
  ...{ folder, serverId: 'nas', app: 'shop', name: 'heroku', form: 'https' },
  ...more,
})

describe('a remote', () => {
  test('through this computer is added with what git needs to trust it, and says what was done', async () => {
    const before = await configuration()
    const remotes = open()
    const added = await remotes.add(request())
    expect(added).toMatchObject({ folder, url: 'https://127.0.0.1:8801/shop.git', replaced: null, notes: [] })
    expect(added.commands).toEqual([
      `git config --local --add include.path '${home.replace("'", `'\\''`)}/hearth.gitconfig'`,
      'git remote add heroku https://127.0.0.1:8801/shop.git',
    ])
    expect(git('remote', 'get-url', 'heroku')).toBe('https://127.0.0.1:8801/shop.git\n')
    await remotes.undo(added.id)
    expect((await configuration()).replaceAll(/\[include\]\n|\[remote "heroku"\]\n/g, '')).toBe(before)
    await expect(remotes.undo(added.id)).rejects.toThrow('taken back already')
  })

  test("straight to the server is added with the desktop's key", async () => {
    const remotes = open()
    const added = await remotes.add(request({ form: 'ssh', name: 'hearth' }))
    expect(added.url).toBe('hearth@203.0.113.5:shop.git')
    expect(git('config', 'core.sshCommand')).toBe(`ssh -F '${home.replace("'", `'\\''`)}/ssh-config'\n`)
    await remotes.undo(added.id)
    expect(git('remote')).toBe('')
    expect(() => git('config', 'core.sshCommand')).toThrow()
  })

  test('that is there is given the new address, and gets its old one back', async () => {
    git('remote', 'add', 'heroku', 'https://git.heroku.com/shop.git')
    const remotes = open()
    const added = await remotes.add(request())
    expect(added.replaced).toBe('https://git.heroku.com/shop.git')
    expect(git('remote', 'get-url', 'heroku')).toBe('https://127.0.0.1:8801/shop.git\n')
    await remotes.undo(added.id)
    expect(git('remote', 'get-url', 'heroku')).toBe('https://git.heroku.com/shop.git\n')
  })

  test('that is as it should be is left so, and nothing is taken back', async () => {
    const remotes = open()
    await remotes.add(request())
    const before = await configuration()
    const again = await remotes.add(request())
    expect([again.commands, again.undo, await configuration()]).toEqual([[], [], before])
  })

  test("beside the user's own ssh command leaves that as it is and says so", async () => {
    await writeFile(path.join(home, 'global'), '[core]\n\tsshCommand = ssh -i ~/own\n')
    const added = await open().add(request({ form: 'ssh' }))
    expect(added.commands).toEqual(['git remote add heroku hearth@203.0.113.5:shop.git'])
    expect(added.notes.join()).toContain('ssh -i ~/own')
  })

  test('says when an authority of the environment is in its way', async () => {
    const added = await open({ environment: { GIT_SSL_CAINFO: '/corp.pem' } }).add(request())
    expect(added.notes.join()).toContain('GIT_SSL_CAINFO')
  })

  test("of a folder below the repository is the repository's", async () => {
    const below = path.join(folder, 'src')
    await mkdir(below)
    expect((await open().add(request({ folder: below }))).folder).toBe(folder)
  })

  test('is not added where git keeps nothing, to nowhere, or under a name that is none', async () => {
    await expect(open().add(request({ folder: home }))).rejects.toThrow('git init')
    await expect(open().add(request({ folder: '/nowhere' }))).rejects.toThrow('/nowhere')
    for (const name of ['', '--upload-pack=x', 'a b', 'a/b', '../x', '-c'])
      await expect(open().add(request({ name }))).rejects.toThrow('no name for a remote')
    await expect(open().add(request({ serverId: 'this-computer', form: 'ssh' }))).rejects.toThrow('https')
  })

  test('is listed with the others', async () => {
    git('remote', 'add', 'origin', 'git@example.com:a b.git')
    expect(await open().inspect(folder)).toEqual({ remotes: [{ name: 'origin', url: 'git@example.com:a b.git' }] })
  })
})

test.each([
  [{ host: 'nas', port: 22 }, 'hearth@nas:shop.git'],
  [{ host: 'nas', port: 2222 }, 'ssh://hearth@nas:2222/shop.git'],
  [{ host: '2001:db8::1', port: 22 }, 'ssh://hearth@[2001:db8::1]/shop.git'],
  [{ host: '2001:db8::1', port: 2222 }, 'ssh://hearth@[2001:db8::1]:2222/shop.git'],
])('the address by SSH of %j', (place, url) => {
  const addresses = new RemoteAddresses({ apiPort: () => 1, sshPlace: () => place, user: 'hearth' })
  expect(addresses.of({ serverId: 'x', app: 'shop', form: 'ssh' })).toBe(url)
})
