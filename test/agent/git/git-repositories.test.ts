import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Commit } from '../../../agent/core/ports/builds/commit-source.ts'
import type { IncomingPush } from '../../../agent/core/ports/git-repositories.ts'
import { Forge } from './forge.ts'
import { renderClientEnvironment, run } from './git-client.ts'

// git starts a dozen processes for a push, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let forge: Forge
beforeEach(async () => {
  forge = await Forge.open()
})
afterEach(() => forge.close())

async function readArchive(commit: string, folder: string): Promise<string[]> {
  const chunks: Uint8Array[] = []
  const archive = await forge.repositories.openArchive(forge.appId, commit, new AbortController().signal)
  for await (const chunk of archive) chunks.push(chunk)
  writeFileSync(path.join(folder, '..', 'archive.tar'), Buffer.concat(chunks))
  const { text } = await run('tar', ['--quoting-style=literal', '-tvf', '../archive.tar'], folder)
  return text.trim().split('\n')
}

describe('a repository', () => {
  test('takes a push, and gives it back to a clone', async () => {
    const ann = await forge.init()
    const { status, text } = await ann.push()
    expect(text).toContain('[new branch]      main -> main')
    expect(status).toBe(0)
    const bob = forge.client()
    await bob.git('clone', '--quiet', forge.url, '.')
    expect(readFileSync(path.join(bob.folder, 'index.js'), 'utf8')).toBe('hello\n')
    expect(await bob.git('branch', '--show-current')).toBe('main')
  })

  test('is made when it is asked for first, and an empty one can be cloned', async () => {
    expect(await forge.repositories.measure(forge.appId)).toBe(0)
    const { status, text } = await forge.client().try('clone', forge.url, '.')
    expect(text).toContain('cloned an empty repository')
    expect(status).toBe(0)
    expect(await forge.look('symbolic-ref', 'HEAD')).toBe('refs/heads/main')
    expect(await forge.repositories.measure(forge.appId)).toBeGreaterThan(0)
  })

  test('speaks the second protocol, shallow and to fetches of what is new', async () => {
    const ann = await forge.init()
    await ann.commit('Second', { two: '2' })
    await ann.push()
    const bob = forge.client()
    await bob.git('-c', 'protocol.version=2', 'clone', '--quiet', '--depth', '1', forge.url, '.')
    expect(await bob.git('rev-list', '--count', 'HEAD')).toBe('1')
    await ann.commit('Third', { three: '3' })
    await ann.push()
    await bob.git('fetch', '--quiet', 'origin')
    expect(await bob.git('log', '-1', '--format=%s', 'origin/main')).toBe('Third')
  })

  test('is gone with its app', async () => {
    await (await forge.init()).push()
    await forge.repositories.destroyApp(forge.appId)
    expect(existsSync(forge.bare)).toBe(false)
  })

  test('has no place outside its folder, whatever the app is called', async () => {
    for (const appId of ['../x', '', 'my-app', `${forge.appId}/../x`]) {
      const session = async () =>
        forge.repositories.openSession({
          appId,
          service: 'git-upload-pack',
          mode: 'session',
          protocol: null,
          onPush: async () => true,
        })
      await expect(session()).rejects.toMatchObject({ id: 'not_found' })
    }
  })
})

describe('a push', () => {
  test('is announced with what it would change, and nothing of it counts before it is taken', async () => {
    const ann = await forge.init()
    const commit = await ann.git('rev-parse', 'HEAD')
    let seen: unknown
    let described: Commit | null = null
    forge.onPush = async (push) => {
      seen = push.updates
      expect(await forge.look('for-each-ref')).toBe('')
      described = await forge.repositories.describeCommit(forge.appId, commit)
      return true
    }
    await ann.push()
    expect(seen).toEqual([{ ref: 'refs/heads/main', before: null, after: commit }])
    expect(described).toEqual({ subject: 'First commit', sizeBytes: 6, fileCount: 1, submodules: [] })
    expect(await forge.look('rev-parse', 'main')).toBe(commit)
  })

  test('that is declined leaves nothing, and shows why', async () => {
    const ann = await forge.init()
    const commit = await ann.git('rev-parse', 'HEAD')
    forge.onPush = async (push) => {
      await push.write('-----> Building\n')
      await push.write(' !     It does not build.\n')
      return false
    }
    const { status, text } = await ann.push()
    expect(status).not.toBe(0)
    expect(text).toMatch(/remote: -----> Building/)
    expect(text).toMatch(/remote: {2}! {5}It does not build\./)
    expect(text).toMatch(/! \[remote rejected\] main -> main \(pre-receive hook declined\)/)
    expect(await forge.look('for-each-ref')).toBe('')
    expect(readdirSync(path.join(forge.bare, 'objects')).sort()).toEqual(['info', 'pack'])
    await expect(forge.repositories.describeCommit(forge.appId, commit)).rejects.toMatchObject({ id: 'not_found' })
  })

  test('shows what is written while it is decided, more than a pipe holds', async () => {
    const ann = await forge.init()
    const line = `${'x'.repeat(99)}\n`
    forge.onPush = async (push) => {
      for (let index = 0; index < 5000; index += 1) await push.write(line)
      return true
    }
    const { status, text } = await ann.push()
    expect(status).toBe(0)
    expect(text.match(/remote: x{99}/g)).toHaveLength(5000)
  })

  test('is declined when deciding fails, without showing the inside', async () => {
    const ann = await forge.init()
    forge.onPush = async () => {
      throw new Error('SELECT secret')
    }
    const { status, text } = await ann.push()
    expect(status).not.toBe(0)
    expect(text).not.toContain('SELECT')
    expect(forge.problems.join()).toContain('SELECT')
  })

  test('may rewrite and delete branches, and bring tags', async () => {
    const ann = await forge.init()
    await ann.push()
    await ann.git('commit', '--quiet', '--amend', '-m', 'Rewritten')
    expect((await ann.push()).status).not.toBe(0)
    expect((await ann.push('--force', 'hearth', 'main', 'main:other')).status).toBe(0)
    await ann.git('tag', '-a', 'v1', '-m', 'One')
    expect((await ann.push('hearth', 'v1', ':other')).status).toBe(0)
    expect(await forge.look('for-each-ref', '--format=%(refname) %(objecttype)')).toBe(
      'refs/heads/main commit\nrefs/tags/v1 tag',
    )
  })

  test('may come from a shallow clone, and a whole one may follow', async () => {
    const ann = await forge.init()
    for (const name of ['two', 'three', 'four']) await ann.commit(name, { [name]: name })
    const shallow = forge.client()
    await shallow.git('clone', '--quiet', '--depth', '1', `file://${ann.folder}`, '.')
    const top = await shallow.commit('On top', { top: 'top' })
    const subjects: string[] = []
    forge.onPush = async ({ updates }) => {
      for (const { after } of updates)
        subjects.push((await forge.repositories.describeCommit(forge.appId, after ?? '')).subject)
      return true
    }
    expect((await shallow.push(forge.url, 'main')).text).toContain('[new branch]')
    await ann.git('pull', '--quiet', shallow.folder, 'main')
    expect(await ann.git('rev-parse', 'HEAD')).toBe(top)
    await ann.commit('Whole', { whole: 'whole' })
    expect((await ann.push()).status).toBe(0)
    expect(subjects).toEqual(['On top', 'Whole'])
    const bob = forge.client()
    await bob.git('clone', '--quiet', forge.url, '.')
    expect(readdirSync(bob.folder)).toContain('whole')
    expect(await forge.look('fsck')).toBe('')
  })

  test('goes on to its end when the client is gone, and stops when it had not arrived', async () => {
    const ann = await forge.init()
    const decided = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<IncomingPush>()
    forge.onPush = async (push) => {
      reached.resolve(push)
      await decided.promise
      return true
    }
    const env = { ...renderClientEnvironment(ann.folder), GIT_SSH_COMMAND: forge.sshCommand }
    const client = spawn('git', ['push', 'hearth', 'main'], { cwd: ann.folder, env, detached: true, stdio: 'ignore' })
    const push = await reached.promise
    process.kill(-(client.pid ?? 0), 'SIGKILL')
    await new Promise((resolve) => client.once('close', resolve))
    for (let index = 0; index < 3000; index += 1) await push.write(`${'x'.repeat(99)}\n`)
    decided.resolve()
    await expect
      .poll(() => forge.look('for-each-ref', '--format=%(refname)'), { timeout: 20_000 })
      .toBe('refs/heads/main')
  })
})

describe('a commit as a source', () => {
  test('is what a checkout would have, with modes, links, odd names and line ends', async () => {
    const ann = forge.client()
    await ann.init(forge.url)
    symlinkSync('left/out.txt', path.join(ann.folder, 'link'))
    await ann.commit('Füße\tand more\n\nbody', {
      '.gitattributes': 'left/** export-ignore\n*.id export-subst\n*.txt filter=evil\n',
      'left/out.txt': 'a\r\nb\n',
      'v.id': '$Format:%H$\n',
      'ünï/côdé.txt': 'é\n',
      run: '#!/bin/sh\n',
    })
    await ann.git('update-index', '--chmod=+x', 'run')
    await ann.git('commit', '--quiet', '--amend', '--no-edit')
    await ann.push()
    const commit = await ann.git('rev-parse', 'HEAD')
    expect(await forge.repositories.describeCommit(forge.appId, commit)).toMatchObject({ subject: 'Füße and more' })
    const listed = await readArchive(commit, ann.folder)
    expect(listed.map((line) => line.replace(/ .* \d\d:\d\d /, ' '))).toEqual([
      '-rw-rw-r-- .gitattributes',
      'drwxrwxr-x left/',
      '-rw-rw-r-- left/out.txt',
      'lrwxrwxrwx link -> left/out.txt',
      '-rwxrwxr-x run',
      '-rw-rw-r-- v.id',
      'drwxrwxr-x ünï/',
      '-rw-rw-r-- ünï/côdé.txt',
    ])
    const content = (name: string) => run('tar', ['-xOf', '../archive.tar', name], ann.folder)
    expect((await content('left/out.txt')).text).toBe('a\r\nb\n')
    expect((await content('v.id')).text).toBe('$Format:%H$\n')
  })

  test('names its submodules', async () => {
    const ann = await forge.init()
    const other = await ann.git('rev-parse', 'HEAD')
    await ann.git('update-index', '--add', '--cacheinfo', `160000,${other},vendor/a b`)
    await ann.git('commit', '--quiet', '-m', 'With a submodule')
    await ann.push()
    const commit = await ann.git('rev-parse', 'HEAD')
    const { submodules } = await forge.repositories.describeCommit(forge.appId, commit)
    expect(submodules).toEqual([{ path: 'vendor/a b', commit: other }])
  })

  test('is not found when it was never pushed, and no other object passes for one', async () => {
    const ann = await forge.init()
    await ann.push()
    const tree = await ann.git('rev-parse', 'HEAD^{tree}')
    for (const name of ['1'.repeat(40), tree, 'main', '--help', 'HEAD', '', '1'.repeat(39)])
      await expect(forge.repositories.describeCommit(forge.appId, name)).rejects.toMatchObject({ id: 'not_found' })
  })
})

test('the repository brings no hooks and no settings that count', async () => {
  const ann = await forge.init({ 'hooks/pre-receive': '#!/bin/sh\ntouch /tmp/hearth-owned\n', config: '[core]\n' })
  await ann.push()
  // As if somebody had been in there.
  await run('git', ['--git-dir', forge.bare, 'config', 'core.hooksPath', ann.folder], forge.folder)
  await run('git', ['--git-dir', forge.bare, 'config', 'core.fsmonitor', 'touch x'], forge.folder)
  let pushes = 0
  forge.onPush = async () => {
    pushes += 1
    return true
  }
  await ann.commit('Again', {})
  expect((await ann.push()).status).toBe(0)
  expect(pushes).toBe(1)
})
