import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkshop, type Workshop } from './workshop.ts'

let workshop: Workshop
beforeEach(async () => {
  workshop = await openWorkshop()
})
afterEach(() => workshop.close())

type Entry = Partial<Header> & { readonly name: string; readonly text?: string }

async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack()
  for (const { text = '', ...header } of entries) archive.entry(header, text)
  archive.finalize()
  return buffer(archive)
}

const files: Entry[] = [
  { name: './app/Procfile', text: 'web: node server.js\n' },
  { name: './app/bin/run', text: '#!/bin/sh\n', mode: 0o755 },
  { name: './app/tmp', type: 'symlink', linkname: '/tmp' },
]

/** One that takes every app as it is. */
async function writeBuildpack(): Promise<string> {
  const folder = path.join(workshop.directory, 'plain')
  await mkdir(path.join(folder, 'bin'), { recursive: true })
  for (const name of ['detect', 'compile']) {
    await writeFile(path.join(folder, 'bin', name), '#!/bin/sh\necho Plain\n', { mode: 0o755 })
  }
  return folder
}

async function put(bytes: Buffer): Promise<string> {
  const { secret } = await workshop.sources.createBlob()
  await workshop.sources.putBlob(
    secret,
    (async function* () {
      yield bytes
    })(),
  )
  return secret
}

async function take(bytes: Buffer, checksum: string | null = null) {
  const secret = await put(bytes)
  return workshop.builder.importSlug({ id: crypto.randomUUID(), secret, checksum, stack: 'local' })
}

describe('a slug that was made elsewhere', () => {
  it('is taken over with its modes and links, and runs as one that was built here', async () => {
    const taken = await take(gzipSync(await tar(files)))
    expect(taken).toMatchObject({ checksum: expect.stringMatching(/^SHA256:/), sizeBytes: 30 })
    const { appDirectory } = await workshop.slugs.open({ ...taken, layers: [] })
    expect(await readFile(path.join(appDirectory, 'Procfile'), 'utf8')).toBe('web: node server.js\n')
    expect(await readlink(path.join(appDirectory, 'tmp'))).toBe('/tmp')
    expect((await readdir(appDirectory)).sort()).toEqual(['Procfile', 'bin', 'tmp'])
  })

  it('may be of images: what they are stands in it, so it runs where its registry is not', async () => {
    const image = {
      ...{ folder: 'web', processTypes: ['web'], reference: 'shop:1', digest: `sha256:${'a'.repeat(64)}` },
      ...{ environment: { PATH: '/bin' }, directory: '/', uid: 33, home: '/' },
    }
    const list = { name: './app/images.json', text: JSON.stringify([image]) }
    const root = { name: './app/web/bin/true', text: '#!', mode: 0o755 }
    expect((await take(gzipSync(await tar([list, root])))).images).toEqual([image])
    const link: Entry = { name: './app/web', type: 'symlink', linkname: '/' }
    await expect(take(gzipSync(await tar([list, link])))).rejects.toThrow('is not a folder')
  })

  it('is the same slug with gzip and with zstd, and leaves nothing behind', async () => {
    const bytes = await tar(files)
    const [one, other] = [await take(gzipSync(bytes)), await take(zstdCompressSync(bytes))]
    expect(other.checksum).toBe(one.checksum)
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  it('is what its archive was announced as', async () => {
    const bytes = gzipSync(await tar(files))
    const checksum = `SHA256:${createHash('sha256').update(bytes).digest('hex')}`
    await take(bytes, checksum)
    await expect(take(gzipSync(await tar(files.slice(1))), checksum)).rejects.toThrow('was announced')
  })

  it.each([
    ['has no app in it', [{ name: './other/Procfile', text: 'x' }], /below \.\/app/],
    ['has an app that is a file', [{ name: './app', text: 'x' }], /below \.\/app/],
    ['leads out', [{ name: '../outside', text: 'x' }], /'\.\.\/outside'/],
    [
      'writes through a link',
      [
        { name: './app/a', type: 'symlink', linkname: '/tmp' },
        { name: './app/a/b', text: 'x' },
      ],
      /'app\/a/,
    ],
    ['holds a device', [{ name: './app/null', type: 'character-device' }], /is a character-device/],
  ] satisfies [string, Entry[], RegExp][])('is refused when its archive %s', async (_, entries, reason) => {
    await expect(take(gzipSync(await tar(entries)))).rejects.toThrow(reason)
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
    expect(await readdir(path.join(workshop.directory, 'state/slugs'))).toEqual([])
  })

  it('is refused when it is no archive at all', async () => {
    await expect(take(Buffer.from('hello'))).rejects.toMatchObject({ id: 'invalid_params' })
  })

  it('comes only where somebody asked for room', async () => {
    const nobody = (async function* () {
      yield Buffer.from('x')
    })()
    await expect(workshop.sources.putBlob('a-secret-of-my-own-choosing', nobody)).rejects.toMatchObject({
      id: 'not_found',
    })
  })
})

describe('the app.json of a source', () => {
  const takeFrom = async (entries: readonly Entry[]) => {
    const url = `/source-blobs/${await put(gzipSync(await tar(entries)))}`
    return workshop.builder.takeSource(url, new AbortController().signal)
  }

  it('is read at the root, or in the one folder around everything', async () => {
    expect(await takeFrom([{ name: './app.json', text: '{"a":1}' }])).toMatchObject({ manifest: '{"a":1}' })
    expect(await takeFrom([{ name: 'shop-1a2b/app.json', text: '{}' }])).toMatchObject({ manifest: '{}' })
    const both = [
      { name: 'lib/app.json', text: 'inner' },
      { name: 'app.json', text: 'outer' },
    ]
    expect(await takeFrom(both)).toMatchObject({ manifest: 'outer' })
    expect(await takeFrom([{ name: 'a/b/app.json', text: '{}' }])).toMatchObject({ manifest: null })
    expect(await takeFrom([{ name: 'app.json', type: 'symlink', linkname: '/etc/passwd' }])).toMatchObject({
      manifest: null,
    })
  })

  it('is bounded, and no archive is told apart', async () => {
    await expect(takeFrom([{ name: 'app.json', text: ' '.repeat(1024 * 1024 + 1) }])).rejects.toThrow(
      'larger than 1 MB',
    )
    const url = `/source-blobs/${await put(Buffer.from('hello'))}`
    await expect(workshop.builder.takeSource(url, new AbortController().signal)).rejects.toThrow('no gzipped tar')
  })

  it('of a URL is read once, and what is built is what was read', async () => {
    let asked = 0
    const bytes = gzipSync(await tar([{ name: 'app.json', text: '{}' }]))
    const server = http.createServer((_, response) => response.end(bytes, () => asked++))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const taken = await workshop.builder.takeSource(`http://127.0.0.1:${port}/x.tgz`, new AbortController().signal)
    server.close()
    expect(taken).toMatchObject({ url: expect.stringMatching(/^blob:/), manifest: '{}' })
    const buildpacks = [await writeBuildpack()]
    await workshop.builder.build(workshop.request(taken.url, { buildpacks }), new AbortController().signal)
    expect(asked).toBe(1)
  })
})

describe('an uploaded source', () => {
  it('loses the one folder that a forge put around everything', async () => {
    const bytes = gzipSync(
      await tar([
        { name: 'shop-1a2b3c4', type: 'directory' },
        { name: 'shop-1a2b3c4/package.json', text: '{"scripts":{"start":"node server.js"}}' },
        { name: 'shop-1a2b3c4/server.js', text: '1' },
        { name: 'shop-1a2b3c4/shop-1a2b3c4/inner.txt', text: 'of the same name' },
      ]),
    )
    const url = `blob:${await put(bytes)}`
    const buildpacks = [await writeBuildpack()]
    const built = await workshop.builder.build(workshop.request(url, { buildpacks }), new AbortController().signal)
    const { appDirectory } = await workshop.slugs.open(built)
    expect(await readdir(appDirectory)).toEqual(expect.arrayContaining(['package.json', 'server.js', 'shop-1a2b3c4']))
    expect(await readFile(path.join(appDirectory, 'shop-1a2b3c4/inner.txt'), 'utf8')).toBe('of the same name')
  })
})
