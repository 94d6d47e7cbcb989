// The older lines of an app's log: segments on disk, packed, searched, and bounded.
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLogStore } from '../../../agent/logs/file-log-store.ts'
import { LogFile } from '../../../agent/logs/log-file.ts'
import { formatPrefix, type LogBatch } from '../../../agent/logs/log-line.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-history-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const start = 1_795_232_712_000_000
const origin = { source: 'app', process: 'web.1' } as const
const line = (number: number, text = `line ${number}`): LogBatch => ({
  ...{ origin, at: start + number, first: 0, lines: 1 },
  bytes: Buffer.from(`${formatPrefix(start + number, origin)}${text}\n`),
})
const open = (historyBytes = 1_000_000) => {
  const file = new LogFile(folder, { keptLines: 5, segmentLines: 10, segmentBytes: 100_000, historyBytes })
  return { file, kept: file.open() }
}
const numbersIn = (bytes: Buffer | null) =>
  [...`${bytes}`.matchAll(/line (\d+)\n/g)].map(([, number]) => Number(number))

async function write(file: LogFile, from: number, to: number, text?: (number: number) => string): Promise<void> {
  for (let number = from; number <= to; number += 1) await file.append([line(number, text?.(number))])
  await file.settle()
}

test('lines go into segments that are packed, and every one of them is read back', async () => {
  const { file } = open()
  await write(file, 1, 34)
  expect(file.segments).toEqual([
    { id: 1, since: '2026-11-21T03:45:12.000001+00:00', lines: 10 },
    { id: 2, since: '2026-11-21T03:45:12.000011+00:00', lines: 10 },
    { id: 3, since: '2026-11-21T03:45:12.000021+00:00', lines: 10 },
    { id: 4, since: '2026-11-21T03:45:12.000031+00:00', lines: 4 },
  ])
  expect((await readdir(folder)).filter((name) => name.endsWith('.zst'))).toHaveLength(3)
  const read: number[] = []
  for (const { id } of file.segments) read.push(...numbersIn(await file.readSegment(id)))
  expect(read).toEqual(Array.from({ length: 34 }, (_, at) => at + 1))
  expect(await file.readSegment(5)).toBe(null)
})

test('another start goes on with the same segments, and has the last lines at hand', async () => {
  await write(open().file, 1, 22)
  const { file, kept } = open()
  expect(kept.flatMap(({ bytes }) => numbersIn(bytes))).toEqual([18, 19, 20, 21, 22])
  await write(file, 23, 35)
  expect(file.segments.map(({ id, lines }) => [id, lines])).toEqual([
    ...[
      [1, 10],
      [2, 10],
      [3, 10],
    ],
    [4, 5],
  ])
})

test('an agent that ended while it packed loses no line and leaves no rest', async () => {
  await write(open().file, 1, 12)
  const [packed = ''] = (await readdir(folder)).filter((name) => name.endsWith('.zst'))
  // Once before the packed one had its name, once after it and before the other was gone.
  await rename(path.join(folder, packed), path.join(folder, `${packed}.kept`))
  const plain = packed.replace('.zst', '')
  const lines = Array.from({ length: 10 }, (_, at) => line(at + 1).bytes)
  await writeFile(path.join(folder, plain), Buffer.concat(lines))
  await writeFile(path.join(folder, `${plain}.new`), 'half')
  const before = open().file
  expect(numbersIn(await before.readSegment(1))).toHaveLength(10)
  await rename(path.join(folder, `${packed}.kept`), path.join(folder, packed))
  await writeFile(path.join(folder, plain), Buffer.concat(lines))
  const after = open().file
  expect(numbersIn(await after.readSegment(1))).toHaveLength(10)
  expect((await readdir(folder)).toSorted()).toEqual([packed, 'current.log'].toSorted())
})

test('the file of an agent of before there were segments is taken over', async () => {
  const lines = Array.from({ length: 7 }, (_, at) => line(at + 1).bytes)
  await writeFile(path.join(folder, 'previous.log'), Buffer.concat(lines))
  const { file, kept } = open()
  expect(kept).toHaveLength(5)
  expect(file.segments.map(({ id, lines }) => [id, lines])).toEqual([[1, 7]])
  expect(numbersIn(await file.readSegment(1))).toHaveLength(7)
})

test('the oldest segments go when there is no room for more', async () => {
  const { file } = open(2000)
  // Nothing that could be packed well.
  await write(file, 1, 100, () => Buffer.from(crypto.getRandomValues(new Uint8Array(60))).toString('hex'))
  const ids = file.segments.map(({ id }) => id)
  expect(ids.at(-1)).toBe(10)
  expect(ids.length).toBeLessThan(6)
  expect(await file.readSegment(1)).toBe(null)
})

test('a search finds text of any case and by who wrote it, the newest segment first', async () => {
  await using closing = openStore()
  const { store } = closing
  store.writeLine('app', 'router', 'at=info path="/Kettle"')
  store.writeOutput('app', { id: 'a', name: 'web.1' }, Buffer.from('a kettle\na mug\n'))
  store.writeOutput('app', { id: 'b', name: 'worker.1' }, Buffer.from('a KETTLE\n'))
  const search = async (text: string, filter = {}) => (await store.search('app', { text, filter })).found
  expect(await search('kettle')).toEqual([{ segment: 1, lines: [0, 1, 3] }])
  expect(await search('kettle', { process: 'web' })).toEqual([{ segment: 1, lines: [1] }])
  expect(await search('', { source: 'heroku' })).toEqual([{ segment: 1, lines: [0] }])
  expect(await search('teapot')).toEqual([])
})

test('a search takes words that are all there, phrases in quotes, and words that are not there', async () => {
  await using closing = openStore()
  const { store } = closing
  for (const text of ['POST /api took 30 ms', 'api: POST timed out', 'GET /api timed out'])
    store.writeLine('app', 'router', text)
  const search = async (text: string) => (await store.search('app', { text, filter: {} })).found[0]?.lines ?? []
  expect(await search('post api')).toEqual([0, 1])
  expect(await search('"post /api"')).toEqual([0])
  expect(await search('api -get')).toEqual([0, 1])
  expect(await search('-"timed out"')).toEqual([0])
})

test('lines that a flood pushed out before they were written are counted in their place', async () => {
  await using closing = openStore()
  const { store } = closing
  for (let burst = 0; burst < 3; burst += 1)
    store.writeOutput('app', { id: 'a', name: 'web.1' }, Buffer.from('x\n'.repeat(1500)))
  const [segment] = await store.history('app')
  const text = await store.readSegment('app', segment?.id ?? 0)
  expect(text?.split('\n')[0]).toMatch(/heroku\[logplex\]: 3000 lines before this one are not in the history/)
  expect(segment?.lines).toBe(1501)
})

function openStore() {
  const store = openLogStore({ folder, onWriteError: (error) => expect.fail(String(error)) })
  return { store, [Symbol.asyncDispose]: () => store.close() }
}
