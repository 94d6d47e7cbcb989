import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Uploads } from '../../../../electron/core/deploy/uploads.ts'

let directory: string
let uploads: Uploads

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'hearth-uploads-')), 'uploads')
  uploads = await Uploads.open(directory)
})
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }))

function frame(header: unknown, content = ''): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, Buffer.from(content)])
}

const file = (path: string, content: string, executable = false) =>
  frame({ path, sizeBytes: Buffer.byteLength(content), executable }, content)

/** The bytes in pieces of one size, so that frames are cut anywhere. */
async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const signal = new AbortController().signal
const receive = (uploadId: string, bytes: Buffer, size = 7) => uploads.receive(uploadId, inPieces(bytes, size), signal)

test.each([1, 5, 1 << 20])('a folder arrives whole in pieces of %d bytes', async (size) => {
  const uploadId = await uploads.create('My Shop')
  expect(() => uploads.folderOf(uploadId)).toThrow('not here yet')
  const bytes = Buffer.concat([file('a.js', 'x'), file('bin/run', '#!', true), file('empty', ''), file('語/b', 'é')])
  expect(await receive(uploadId, bytes, size)).toBe(4)
  const folder = uploads.folderOf(uploadId)
  expect(basename(folder)).toBe('My Shop')
  expect(await readFile(join(folder, '語/b'), 'utf8')).toBe('é')
  expect((await stat(join(folder, 'bin/run'))).mode & 0o100).toBe(0o100)
  expect((await readdir(folder)).sort()).toEqual(['a.js', 'bin', 'empty', '語'])
})

test.each(['../x', '/etc/x', 'a/../../x', 'a//b', './a', 'a/', '..', 'a\0b', `${'x'.repeat(256)}`])(
  'the hostile path %j is refused and nothing of the upload stays',
  async (path) => {
    const uploadId = await uploads.create('shop')
    await expect(receive(uploadId, Buffer.concat([file('a', 'x'), file(path, 'x')]))).rejects.toThrow("can't be taken")
    const [own = ''] = await readdir(directory)
    expect(await readdir(join(directory, own))).toEqual([])
    expect(() => uploads.folderOf(uploadId)).toThrow("Couldn't find that upload")
  },
)

test('a path that comes twice, a broken frame and a broken-off file are refused', async () => {
  const failing = async (bytes: Buffer) => receive(await uploads.create('shop'), bytes)
  await expect(failing(Buffer.concat([file('a', 'x'), file('a', 'y')]))).rejects.toThrow('uploaded twice')
  await expect(failing(Buffer.concat([file('a', 'x'), file('a/b', 'y')]))).rejects.toThrow('uploaded twice')
  await expect(failing(frame('nonsense'))).rejects.toThrow('not a folder as Hearth sends it')
  await expect(failing(frame('x'.repeat(20_000)))).rejects.toThrow('not a folder as Hearth sends it')
  await expect(failing(file('a', 'longer').subarray(0, -2))).rejects.toThrow('in the middle of a file')
  await expect(failing(frame({ path: 'a', sizeBytes: 3e9, executable: false }))).rejects.toThrow('more than 2 GB')
})

test('a name of a folder never leads anywhere', async () => {
  for (const name of ['../../x', '..', '', '/', 'a/b', 'a\0b']) {
    const uploadId = await uploads.create(name)
    await receive(uploadId, file('a', 'x'))
    expect(join(uploads.folderOf(uploadId), '..', '..', '..')).toBe(directory)
  }
})

test('only some uploads are kept, and none after the end', async () => {
  const first = await uploads.create('first')
  for (let index = 0; index < 20; index += 1) await uploads.create('next')
  expect(() => uploads.folderOf(first)).toThrow("Couldn't find")
  await uploads.close()
  expect(await readdir(directory)).toEqual([])
})

test('what a desktop that is gone left behind goes; what another one has stays', async () => {
  await mkdir(join(directory, '1.0', 'left'), { recursive: true })
  await writeFile(join(directory, 'odd'), '')
  const [own = ''] = (await readdir(directory)).filter((name) => name.startsWith(`${process.pid}.`))
  await uploads.create('kept')
  await Uploads.open(directory)
  expect(await readdir(directory)).toEqual([own])
  expect(await readdir(join(directory, own))).toHaveLength(1)
})

test('a cancelled upload is no complete one', async () => {
  const uploadId = await uploads.create('shop')
  const abort = new AbortController()
  async function* cancelled(): AsyncIterable<Uint8Array> {
    yield file('a', 'x')
    abort.abort(new Error('cancelled'))
  }
  await expect(uploads.receive(uploadId, cancelled(), abort.signal)).rejects.toThrow('cancelled')
  expect(() => uploads.folderOf(uploadId)).toThrow("Couldn't find")
})
