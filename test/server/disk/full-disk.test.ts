import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdtemp, rm, rmdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FileSourceStore } from '../../../agent/builds/sources/source-store.ts'
import { openLogStore } from '../../../agent/logs/file-log-store.ts'
import { openStore } from '../../../agent/sqlite/store.ts'
import { appRow, someId } from '../../agent/sqlite/rows.ts'

// A disk of 4 MB of its own, really full.
let disk: string
const filler = () => path.join(disk, 'filler')

beforeAll(async () => {
  disk = await mkdtemp(path.join(os.tmpdir(), 'hearth-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
})
afterAll(async () => {
  execFileSync('umount', [disk])
  await rmdir(disk)
})

function fill(): void {
  const file = openSync(filler(), 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(4096))
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
  } finally {
    closeSync(file)
  }
}

it('on a full disk a change of the state is refused with disk_full, and goes through when there is room', () => {
  const store = openStore(path.join(disk, 'state.db'), new Uint8Array(32))
  store.apps.insert(appRow({ id: someId(999), name: 'before' }))
  fill()
  const insertMany = () =>
    store.transaction(() => {
      for (let n = 0; n < 200; n += 1) store.apps.insert(appRow({ id: someId(n), name: `app-${n}` }))
    })
  expect(insertMany).toThrow(expect.objectContaining({ id: 'disk_full' }))
  expect(store.apps.list().map(({ name }) => name)).toEqual(['before'])
  rmSync(filler())
  insertMany()
  expect(store.apps.list()).toHaveLength(201)
  store.close()
})

it('on a full disk log lines go on to readers, and to the disk when there is room', async () => {
  const problems: unknown[] = []
  const folder = path.join(disk, 'logs')
  const open = () => openLogStore({ folder, onWriteError: (error) => problems.push(error) })
  const first = open()
  first.read('app', { lines: 0, tail: false, filter: {} })
  fill()
  for (let n = 0; n < 1000; n += 1) first.writeLine('app', 'api', `line ${n} ${'x'.repeat(500)}`)
  await expect.poll(() => problems.length, { timeout: 10_000 }).toBe(1)
  rmSync(filler())
  await first.close()
  const lines: Buffer[] = []
  const second = open()
  for await (const bytes of second.read('app', { lines: 1500, tail: false, filter: {} })) lines.push(Buffer.from(bytes))
  await second.close()
  const texts = Buffer.concat(lines).toString().trimEnd().split('\n')
  expect(texts.map((line) => /line (\d+)/.exec(line)?.[1])).toEqual(Array.from({ length: 1000 }, (_, n) => `${n}`))
})

it('an upload that the disk does not take is disk_full and leaves nothing behind', async () => {
  const store = new FileSourceStore(path.join(disk, 'sources'), 0, async () => Number.MAX_SAFE_INTEGER)
  const { secret } = await store.createBlob()
  const body = (async function* () {
    for (let piece = 0; piece < 8; piece += 1) yield Buffer.alloc(1024 * 1024)
  })()
  await expect(store.putBlob(secret, body)).rejects.toMatchObject({
    id: 'disk_full',
    message: expect.stringContaining('became full during the upload'),
  })
  await expect(store.openBlob(secret)).rejects.toMatchObject({ id: 'not_found' })
  await rm(path.join(disk, 'sources'), { recursive: true })
})
