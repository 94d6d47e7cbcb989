import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type BuildpackRemote, openBuildpackRemote, scriptsOf } from './buildpack-remote.ts'
import { fixture, openWorkshop, type Workshop } from './workshop.ts'

vi.setConfig({ testTimeout: 60_000 })

let workshop: Workshop
let remote: BuildpackRemote
let first: string
beforeAll(async () => {
  workshop = await openWorkshop()
  remote = await openBuildpackRemote()
  first = await remote.commit('first')
  await remote.tag('v1')
  await remote.commit('second')
  await remote.commit('other', 'feature/other')
}, 60_000)
afterAll(async () => {
  await remote[Symbol.asyncDispose]()
  await workshop.close()
})

const appId = '11111111-2222-4333-8444-555555555555'
const build = async (...buildpacks: string[]) => {
  const url = await workshop.send(fixture('procfile-missing-web'), appId)
  const request = workshop.request(url, { app: { id: appId, name: 'sample' }, buildpacks })
  return workshop.builder.build(request, new AbortController().signal)
}

/** What of the remote's commits the app was compiled by. */
async function compiledBy(buildpack: string): Promise<string> {
  const built = await build(buildpack)
  const { appDirectory } = await workshop.slugs.open(built)
  return (await readFile(path.join(appDirectory, 'compiled-by'), 'utf8')).trim()
}

const entriesOf = (text: string, folder = '') =>
  Object.entries(scriptsOf(text)).map(([name, content]) => ({ name: folder + name, content }))

describe('a buildpack by the URL of a git repository', () => {
  test('is its default branch, or what stands behind #: a branch, a tag, a commit', async () => {
    expect(await compiledBy(`${remote.url}/pack.git`)).toBe('second')
    expect(await compiledBy(`${remote.url}/pack.git#feature/other`)).toBe('other')
    expect(await compiledBy(`${remote.url}/pack.git#v1`)).toBe('first')
    expect(await compiledBy(`${remote.url}/pack.git#${first}`)).toBe('first')
    expect(await compiledBy(`${remote.url}/pack.git#${first.slice(0, 10)}`)).toBe('first')
  })

  test('says which commit that is, that its branch moved since the last build, and how to hold on to it', async () => {
    const url = `${remote.url}/pack.git`
    const { reports } = await build(url)
    const { commit = '' } = reports[0]?.facts ?? {}
    expect(commit).toMatch(/^[0-9a-f]{40}$/)
    expect(workshop.lastOutput).toContain(`Its default branch is at the commit ${commit.slice(0, 12)}\n`)
    expect(workshop.lastOutput).toContain(`To stay with that one: ${url}#${commit}\n`)
    await build(`${url}#${first}`)
    expect(workshop.lastOutput).toContain(`Pinned to the commit ${first.slice(0, 12)}\n`)
    const sent = await workshop.send(fixture('procfile-missing-web'), appId)
    const again = { app: { id: appId, name: 'sample' }, buildpacks: [url], pins: { [url]: first } }
    await workshop.builder.build(workshop.request(sent, again), new AbortController().signal)
    expect(workshop.lastOutput).toContain(
      `is at the commit ${commit.slice(0, 12)}, and was ${first.slice(0, 12)} in the last build\n`,
    )
  })

  test('comes from a server of plain files too', async () => {
    expect(await compiledBy(`${remote.url}/plain/pack.git`)).toBe('second')
    expect(await compiledBy(`${remote.url}/plain/pack.git#v1`)).toBe('first')
  })

  test('that is not there is named, with what to do', async () => {
    await expect(build(`${remote.url}/none.git`)).rejects.toThrow(
      /none\.git could not be fetched: .*not found.* Check its address/,
    )
    await expect(build(`${remote.url}/pack.git#no-such`)).rejects.toThrow(/no branch, tag or commit 'no-such'/)
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  test('gives git no options, whatever it or its ref looks like', async () => {
    const mark = path.join(workshop.directory, 'was-run')
    for (const reference of [
      `--upload-pack=touch ${mark}`,
      `${remote.url}/pack.git#--upload-pack=touch ${mark}`,
      `${remote.url}/pack.git#-q`,
      `ext::sh -c 'touch ${mark}'`,
      'ssh://-oProxyCommand=true/pack.git',
      `git@127.0.0.1:pack.git`,
    ])
      await expect(build(reference), reference).rejects.toThrow('is not a buildpack')
    await expect(build(`git://-oProxyCommand=touch${mark}/pack.git`)).rejects.toThrow(/could not be fetched/)
    await expect(build(`${remote.url}/pack.git#v1/../../x`)).rejects.toThrow(/no branch, tag or commit/)
    await expect(stat(mark)).rejects.toThrow('ENOENT')
  })

  test('is not led to files of the machine by a redirection', async () => {
    const secret = path.join(workshop.directory, 'secret.git')
    await mkdir(secret)
    for (const to of [`file://${secret}`, 'ext::sh', 'ftp://127.0.0.1/'])
      await expect(build(`${remote.url}/elsewhere/${encodeURIComponent(to)}?to=${to}#main`)).rejects.toThrow(
        /could not be fetched/,
      )
  })

  test('holds no password, which everybody who may see the app would read', async () => {
    const withLogin = remote.url.replace('//', '//ann:geheim@')
    for (const reference of [`${withLogin}/pack.git`, `${withLogin}/pack.tgz`]) {
      await expect(build(reference)).rejects.toThrow(/can't hold a user or a password/)
    }
    expect(workshop.lastOutput).not.toContain('geheim')
  })
})

describe('a buildpack by the URL of a tarball', () => {
  test('is unpacked, with or without a folder around it, a query behind it or a redirection before it', async () => {
    remote.offer('/bare.tgz', entriesOf('bare'))
    remote.offer('/folder.tar.gz', entriesOf('folder', './pack-1.2/'))
    expect(await compiledBy(`${remote.url}/bare.tgz`)).toBe('bare')
    expect(workshop.lastOutput).toMatch(/Its archive is sha256:[0-9a-f]{12}\n/)
    expect(await compiledBy(`${remote.url}/folder.tar.gz?version=3`)).toBe('folder')
    expect(await compiledBy(`${remote.url}/moved.tgz?to=/bare.tgz`)).toBe('bare')
  })

  test('that leads out of its folder is refused by name', async () => {
    const hostile = {
      '/up.tgz': [{ name: '../../evil', content: 'x' }],
      '/absolute.tgz': [{ name: '/tmp/hearth-evil', content: 'x' }],
      '/link.tgz': [{ name: 'bin', type: 'symlink' as const, linkname: '/usr/bin' }],
      '/through.tgz': [
        { name: 'up', type: 'symlink' as const, linkname: '..' },
        { name: 'up/evil', content: 'x' },
      ],
      '/device.tgz': [{ name: 'bin/compile', type: 'character-device' as const, devmajor: 1, devminor: 5 }],
    }
    for (const [place, entries] of Object.entries(hostile)) {
      remote.offer(place, [...entriesOf('hostile'), ...entries].slice(place === '/link.tgz' ? 3 : 0))
      await expect(build(`${remote.url}${place}`), place).rejects.toThrow(
        new RegExp(`The buildpack ${remote.url}${place} can't be used\\. .*refused`),
      )
    }
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  test('that never ends, is none, or is not there fails with the reason', async () => {
    await writeFile(path.join(workshop.directory, 'empty'), '')
    await expect(build(`${remote.url}/endless.tgz`)).rejects.toThrow(/can't be used\. .*more than \d+ bytes/)
    remote.offer('/other.tgz', [{ name: 'README', content: 'no buildpack' }])
    await expect(build(`${remote.url}/other.tgz`)).rejects.toThrow(/no bin\/compile/)
    await expect(build(`${remote.url}/none.tgz`)).rejects.toThrow(/the answer has status 404/)
    await expect(build(`${remote.url}/x.tgz?to=file:///etc/passwd`)).rejects.toThrow(/a redirection to file:/)
    await expect(build('http://no-such-host.invalid/x.tgz')).rejects.toThrow(/no-such-host\.invalid.*Check the address/)
  })

  test('is not fetched from the server itself where others name it', async () => {
    await using guarded = await openGuarded()
    const before = remote.requests.length
    await expect(guarded.build(`${remote.url}/bare.tgz`)).rejects.toThrow(/the server itself/)
    expect(remote.requests).toHaveLength(before)
  })
})

async function openGuarded() {
  const guarded = await openWorkshop({ allowsOwnAddresses: false })
  return {
    async build(buildpack: string) {
      const url = await guarded.send(fixture('procfile-missing-web'), appId)
      return guarded.builder.build(
        guarded.request(url, { app: { id: appId, name: 'sample' }, buildpacks: [buildpack] }),
        new AbortController().signal,
      )
    },
    [Symbol.asyncDispose]: () => guarded.close(),
  }
}
