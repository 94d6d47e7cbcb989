import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { materialise } from '../../../../agent/builds/sources/materialise.ts'
import { FileSourceStore } from '../../../../agent/builds/sources/source-store.ts'
import { digestTree } from '../../../../agent/builds/trees/tree-digest.ts'
import type { SourceFile } from '../../../../agent/contract/sources/source.ts'
import { packBlobs } from '../send-folder.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const file = (name: string, text: string, mode: 0o644 | 0o755 = 0o644): SourceFile => ({
  path: name,
  mode,
  sizeBytes: Buffer.byteLength(text),
  sha256: digest(text),
})
const contentsOf = (...texts: string[]) => new Map(texts.map((text) => [digest(text), Buffer.from(text)]))

let directory: string
let store: FileSourceStore
const appId = randomUUID()

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-sources-'))
  store = new FileSourceStore(directory, 0)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('source store', () => {
  it('names only the content that it lacks, once', async () => {
    const files = [file('a', 'one'), file('b/c', 'two'), file('d', 'one')]
    const first = await store.createManifest(appId, files)
    expect(first.missing.sort()).toEqual([digest('one'), digest('two')].sort())
    expect(first.missingBytes).toBe(6)
    const sent = await store.putBlobs(appId, first.id, packBlobs([digest('one')], contentsOf('one')))
    expect(sent).toEqual({ received: 1, missing: [digest('two')] })
    expect((await store.createManifest(appId, files)).missing).toEqual([digest('two')])
    expect((await store.createManifest(randomUUID(), files)).missing).toHaveLength(2)
  })

  it('writes a complete manifest as files, folders and links', async () => {
    const files = [file('bin/run', 'go', 0o755), { path: 'link', link: 'bin/run' }, file('ö', 'x')]
    const { id, missing } = await store.createManifest(appId, files)
    await store.putBlobs(appId, id, packBlobs(missing, contentsOf('go', 'x')))
    const target = await mkdtemp(path.join(directory, 'out-'))
    const known = await materialise(await store.openManifest(appId, id), target, null)
    expect(await readFile(path.join(target, 'bin/run'), 'utf8')).toBe('go')
    expect((await stat(path.join(target, 'bin/run'))).mode & 0o777).toBe(0o755)
    expect(await readlink(path.join(target, 'link'))).toBe('bin/run')
    expect((await digestTree(target, known)).checksum).toBe((await digestTree(target)).checksum)
  })

  it('notices what a build changed in place', async () => {
    const { id, missing } = await store.createManifest(appId, [file('a', 'one')])
    await store.putBlobs(appId, id, packBlobs(missing, contentsOf('one')))
    const target = await mkdtemp(path.join(directory, 'out-'))
    const known = await materialise(await store.openManifest(appId, id), target, null)
    const before = await digestTree(target, known)
    await writeFile(path.join(target, 'a'), 'two')
    const after = await digestTree(target, known)
    expect(after.checksum).not.toBe(before.checksum)
    expect(after.checksum).toBe((await digestTree(target)).checksum)
  })

  it('refuses content that does not match its name, and keeps what came before', async () => {
    const { id } = await store.createManifest(appId, [file('a', 'one'), file('b', 'two')])
    const lying = new Map([...contentsOf('one'), [digest('two'), Buffer.from('2wo')]])
    const sending = store.putBlobs(appId, id, packBlobs([digest('one'), digest('two')], lying))
    await expect(sending).rejects.toThrow(/its content has the digest/)
    expect((await store.putBlobs(appId, id, packBlobs([], new Map()))).missing).toEqual([digest('two')])
    expect(await readdir(path.join(directory, 'apps', appId, 'blobs'))).toEqual([digest('one')])
  })

  it('refuses content that the manifest does not name, or of another size', async () => {
    const { id } = await store.createManifest(appId, [file('a', 'one')])
    const other = store.putBlobs(appId, id, packBlobs([digest('two')], contentsOf('two')))
    await expect(other).rejects.toThrow(/does not name it/)
    const large = store.putBlobs(appId, id, packBlobs([digest('one')], new Map([[digest('one'), Buffer.alloc(9)]])))
    await expect(large).rejects.toThrow(/9 bytes instead of 3/)
  })

  it('leaves nothing half when an upload breaks off', async () => {
    const text = 'x'.repeat(100_000) + Math.random()
    const { id } = await store.createManifest(appId, [file('a', text)])
    const whole = packBlobs([digest(text)], contentsOf(text))
    const broken = (async function* () {
      for await (const chunk of whole) {
        yield chunk.subarray(0, 20)
        throw new Error('connection lost')
      }
    })()
    await expect(store.putBlobs(appId, id, broken)).rejects.toMatchObject({ id: 'bad_request' })
    expect(await readdir(path.join(directory, 'apps', appId, 'blobs'))).toEqual([])
  })

  it('does not build an incomplete source', async () => {
    const { id } = await store.createManifest(appId, [file('src/a', 'one')])
    await expect(store.openManifest(appId, id)).rejects.toThrow(/never arrived.*'src\/a'/)
    await expect(store.openManifest(randomUUID(), id)).rejects.toMatchObject({ id: 'not_found' })
    await expect(store.openManifest(appId, '../../x')).rejects.toMatchObject({ id: 'not_found' })
  })

  it('refuses to cross the disk reserve', async () => {
    const full = new FileSourceStore(directory, Number.MAX_SAFE_INTEGER)
    await expect(full.createManifest(appId, [file('a', 'one')])).rejects.toMatchObject({ id: 'disk_full' })
  })

  it('refuses content for which there is no room any more, and a tarball while it comes, with the numbers', async () => {
    const megabyte = 1024 * 1024
    let free = 500 * megabyte
    const tight = new FileSourceStore(directory, 100 * megabyte, async () => free)
    const { id, missing } = await tight.createManifest(appId, [file('a', 'one')])
    free = 100 * megabyte
    const numbers = /reserve of 100 MB \(free now: 100 MB\)/
    await expect(tight.putBlobs(appId, id, packBlobs(missing, contentsOf('one')))).rejects.toThrow(numbers)
    const { secret } = await tight.createBlob()
    const body = (async function* () {
      for (let piece = 0; piece < 40; piece += 1) {
        free -= megabyte
        yield Buffer.alloc(megabyte)
      }
    })()
    free = 120 * megabyte
    await expect(tight.putBlob(secret, body)).rejects.toMatchObject({ id: 'disk_full' })
    expect((await readdir(path.join(directory, 'uploads'))).filter((name) => !name.endsWith('.room'))).toEqual([])
    expect(await tight.measure(appId, `manifest:${id}`)).toBe(3)
  })

  it('keeps the content of the newest three manifests', async () => {
    await uploadInTurn('1', '2', '3', '4')
    await store.collect(appId)
    const left = await readdir(path.join(directory, 'apps', appId, 'blobs'))
    expect(left.sort()).toEqual([...contentsOf('2', '3', '4', 'same').keys()].sort())
  })

  it('takes nothing away that a manifest has found which is made meanwhile', async () => {
    await uploadInTurn('1', '2', '3', '4')
    const collecting = store.collect(appId)
    const { id, missing } = await store.createManifest(appId, [file('a', '1')])
    await collecting
    await store.putBlobs(appId, id, packBlobs(missing, contentsOf('1')))
    expect((await store.openManifest(appId, id)).files).toHaveLength(1)
  })

  /** A manifest after the other, each with `same` and a file of its own. */
  async function uploadInTurn(...texts: string[]): Promise<void> {
    for (const [at, text] of texts.entries()) {
      const { id, missing } = await store.createManifest(appId, [file('a', text), file('same', 'same')])
      await store.putBlobs(appId, id, packBlobs(missing, contentsOf(text, 'same')))
      // The clock of a file system ticks more seldom than this asks it.
      await utimes(path.join(directory, 'apps', appId, 'manifests', `${id}.json`), at, at)
    }
  }

  it('keeps an uploaded tarball under its secret only', async () => {
    const { secret } = await store.createBlob()
    await expect(store.openBlob(secret)).rejects.toMatchObject({ id: 'not_found' })
    await store.putBlob(
      secret,
      (async function* () {
        yield Buffer.from('tar')
      })(),
    )
    const stored = await store.openBlob(secret)
    expect(await readFile(stored, 'utf8')).toBe('tar')
    expect(stored).not.toContain(secret)
  })

  it('writes a thousand files whose digests need not be made anew', async () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `file ${index}\n`)
    const files = texts.map((text, index) => file(`d${index % 40}/f${index}`, text))
    const { id, missing } = await store.createManifest(appId, files)
    await store.putBlobs(appId, id, packBlobs(missing, contentsOf(...texts)))
    const target = await mkdtemp(path.join(directory, 'out-'))
    const manifest = await store.openManifest(appId, id)
    const known = await materialise(manifest, target, null)
    expect(known.size).toBe(1000)
    expect((await digestTree(target, known)).checksum).toBe((await digestTree(target)).checksum)
  })
})

describe('an image that was pushed', () => {
  const config = digest('config')
  const push = async (type: string, ...layers: string[]) => {
    const files = [file('manifest.json', `manifest of ${type} ${layers}`), file(config, 'config')]
    const { id, missing } = await store.createManifest(appId, [
      ...files,
      ...layers.map((text) => file(digest(text), text)),
    ])
    const contents = contentsOf('config', `manifest of ${type} ${layers}`, ...layers)
    await store.putBlobs(appId, id, packBlobs(missing, contents))
    await store.keepImage(appId, {
      type,
      id: `sha256:${config}`,
      manifestId: id,
      at: `2026-11-26T00:00:0${layers.length}Z`,
    })
    return missing
  }

  it('is kept for its process type, and the next push lacks only what is new, whatever was deployed meanwhile', async () => {
    await push('web', 'base')
    await push('worker', 'base', 'more')
    for (const text of ['a', 'b', 'c', 'd']) await store.createManifest(appId, [file(text, text)])
    await store.collect(appId)
    expect((await store.listImages(appId)).map(({ type }) => type)).toEqual(['web', 'worker'])
    expect((await store.openImage(appId, `sha256:${config}`)).files).toHaveLength(3)
    expect(await push('web', 'base', 'new')).toEqual([digest('manifest of web base,new'), digest('new')])
    expect(await store.listImages(appId)).toHaveLength(2)
  })

  it('is none before all of it was sent, and none by another id', async () => {
    const { id } = await store.createManifest(appId, [file(config, 'config')])
    const image = { type: 'web', id: `sha256:${config}`, manifestId: id, at: '' }
    await expect(store.keepImage(appId, image)).rejects.toThrow('The source is not complete')
    await push('web', 'base')
    const other = `sha256:${digest('other')}`
    await expect(store.keepImage(appId, { ...image, id: other, manifestId: id })).rejects.toThrow(
      'not among what was sent',
    )
    await expect(store.openImage(appId, other)).rejects.toThrow('Push it again')
  })
})
