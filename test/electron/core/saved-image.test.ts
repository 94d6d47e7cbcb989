import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { laySavedImage } from '../../../electron/core/images/saved-image.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-saved-image-'))
})
afterEach(() => rm(folder, { recursive: true }))

const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

function archive(
  entries: readonly (Partial<Header> & { name: string; content?: string | Buffer })[],
): AsyncIterable<Uint8Array> {
  const tar = pack()
  for (const { content = '', ...header } of entries) tar.entry(header, content)
  tar.finalize()
  return tar as AsyncIterable<Uint8Array>
}

const config = '{"architecture":"amd64","os":"linux"}'
const describe = (mediaType: string, content: string | Buffer) => ({
  mediaType: `application/vnd.oci.image.${mediaType}`,
  digest: `sha256:${sha(content)}`,
  size: Buffer.byteLength(content),
})

test('what older versions of docker save is laid down by digests, a layer that is there twice once', async () => {
  const list = [{ Config: 'c.json', RepoTags: ['shop:1'], Layers: ['a/layer.tar', 'b/layer.tar'] }]
  const saved = archive([
    { name: 'a/layer.tar', content: 'base' },
    { name: 'a/VERSION', content: '1.0' },
    { name: 'b/layer.tar', type: 'symlink', linkname: '../a/layer.tar' },
    { name: 'c.json', content: config },
    { name: 'manifest.json', content: JSON.stringify(list) },
  ])
  const { id, files } = await laySavedImage(saved, folder)
  expect(id).toBe(`sha256:${sha(config)}`)
  expect(files.map(({ path }) => path)).toEqual(['manifest.json', sha(config), sha('base')])
  expect(await readFile(join(folder, sha('base')), 'utf8')).toBe('base')
  expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: describe('config.v1+json', config),
    layers: [describe('layer.v1.tar', 'base'), describe('layer.v1.tar', 'base')],
  })
})

test('what newer ones and podman save is too, layers as they are compressed', async () => {
  const layer = gzipSync('base')
  const blob = (content: string | Buffer) => `blobs/sha256/${sha(content)}`
  const saved = archive([
    { name: 'blobs/', type: 'directory' },
    { name: blob(layer), content: layer },
    { name: blob(config), content: config },
    { name: 'index.json', content: '{}' },
    { name: 'manifest.json', content: JSON.stringify([{ Config: blob(config), Layers: [blob(layer)] }]) },
  ])
  const { files } = await laySavedImage(saved, folder)
  const [manifest] = files
  expect(manifest).toMatchObject({ sha256: sha(await readFile(join(folder, 'manifest.json'))) })
  expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')).layers).toEqual([
    describe('layer.v1.tar+gzip', layer),
  ])
})

test.each([
  ['nothing of an image', [{ name: 'x', content: 'x' }], 'it has no manifest.json'],
  ['no JSON', [{ name: 'manifest.json', content: 'x' }], 'does not list one image'],
  [
    'two images',
    [{ name: 'manifest.json', content: '[{"Config":"c","Layers":[]},{"Config":"d","Layers":[]}]' }],
    'one image',
  ],
  ['a layer too few', [{ name: 'manifest.json', content: '[{"Config":"c","Layers":[]}]' }], 'it has no c'],
])('%s is told', async (_, entries, reason) => {
  await expect(laySavedImage(archive(entries), folder)).rejects.toThrow(reason)
})

test('an archive that breaks off is told, and names can not lead out of the folder', async () => {
  const broken = (async function* () {
    const whole: Uint8Array[] = []
    for await (const chunk of archive([{ name: 'x', content: 'x'.repeat(2000) }])) whole.push(chunk)
    yield Buffer.concat(whole).subarray(0, 1000)
  })()
  await expect(laySavedImage(broken, folder)).rejects.toThrow('damaged, or ended too early')
  const list = JSON.stringify([{ Config: '../../c.json', Layers: [] }])
  const saved = archive([
    { name: '../../c.json', content: config },
    { name: 'manifest.json', content: list },
  ])
  expect((await laySavedImage(saved, folder)).files.map(({ path }) => path)).toEqual(['manifest.json', sha(config)])
})
