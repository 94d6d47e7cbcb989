import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createGunzip, createGzip } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackTar } from '../../../../agent/builds/sources/unpack-tar.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-unpack-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

type Entry = Partial<Header> & { name: string; content?: string }

function unpack(entries: readonly Entry[], maximumBytes = 1_000_000): Promise<void> {
  const archive = pack()
  for (const { content, ...header } of entries) archive.entry(header, content ?? '')
  archive.finalize()
  const body = archive.pipe(createGzip()) as AsyncIterable<Uint8Array>
  return unpackTar(body, createGunzip(), directory, { maximumBytes })
}

describe('unpacking a tarball', () => {
  it('takes files, folders, links and repeated files', async () => {
    await unpack([
      { name: './', type: 'directory' },
      { name: './bin/', type: 'directory' },
      { name: './bin/run', content: 'go', mode: 0o4755 },
      { name: 'deep/er/file', content: 'x', mode: 0o600 },
      { name: 'link', type: 'symlink', linkname: 'bin/run' },
      { name: 'again', type: 'link', linkname: 'bin/run' },
    ])
    expect((await readdir(directory)).sort()).toEqual(['again', 'bin', 'deep', 'link'])
    expect((await lstat(path.join(directory, 'bin/run'))).mode & 0o7777).toBe(0o755)
    expect(await readFile(path.join(directory, 'again'), 'utf8')).toBe('go')
  })

  it.each<[string, Entry[], RegExp]>([
    ['a path that leads up', [{ name: '../evil', content: 'x' }], /lead out/],
    ['an absolute path', [{ name: '/tmp/evil', content: 'x' }], /absolute/],
    ['a link that leads out', [{ name: 'l', type: 'symlink', linkname: '/etc' }], /absolute path/],
    [
      'a file behind a link',
      [
        { name: 'd/x', content: '' },
        { name: 'l', type: 'symlink', linkname: 'd' },
        { name: 'l/y', content: 'x' },
      ],
      /'l' is a link/,
    ],
    ['a repeat of a file outside', [{ name: 'h', type: 'link', linkname: '/etc/passwd' }], /no earlier file/],
    ['a device', [{ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }], /character-device/],
    ['a pipe', [{ name: 'p', type: 'fifo' }], /fifo/],
    [
      'a file twice',
      [
        { name: 'a', content: '1' },
        { name: './a', content: '2' },
      ],
      /twice/,
    ],
  ])('refuses %s', async (_what, entries, message) => {
    await expect(unpack(entries)).rejects.toThrow(message)
  })

  it('refuses more than it may unpack, and what is no archive', async () => {
    await expect(unpack([{ name: 'a', content: 'x'.repeat(2000) }], 1000)).rejects.toMatchObject({ id: 'too_large' })
    const garbage = (async function* () {
      yield Buffer.from('this is no archive')
    })()
    const unpacking = unpackTar(garbage, createGunzip(), directory, { maximumBytes: 1000 })
    await expect(unpacking).rejects.toMatchObject({ id: 'invalid_params' })
  })
})
