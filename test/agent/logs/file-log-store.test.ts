import { appendFile, mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogFilter, LogReader, LogStore } from '../../../agent/core/ports/logs/log-store.ts'
import { openLogStore } from '../../../agent/logs/file-log-store.ts'
import { until } from '../../tooling/until.ts'

let folder: string
let store: LogStore
const openStore = () =>
  openLogStore({
    folder,
    onWriteError: (error) => {
      throw error
    },
  })

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-logs-'))
  store = openStore()
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

async function readAll(reader: LogReader): Promise<string[]> {
  let text = ''
  for await (const piece of reader) text += Buffer.from(piece).toString()
  return text.split('\n').slice(0, -1)
}
/** Of one that goes on. */
async function readFirst(reader: LogReader): Promise<string[]> {
  for await (const piece of reader) return Buffer.from(piece).toString().split('\n').slice(0, -1)
  return []
}
const readTexts = async (lines: number, filter: LogFilter = {}) =>
  (await readAll(store.read('app', { lines, tail: false, filter }))).map((line) => line.slice(33))

const dyno = (name = 'web.1', id = name) => ({ id, name })

function writeNumbers(from: number, to: number, process = 'web.1') {
  for (let i = from; i <= to; i++) store.writeOutput('app', dyno(process), Buffer.from(`${i}\n`))
}

describe('the log store', () => {
  test('renders lines as Heroku does, merged in the order of their arrival', async () => {
    store.writeOutput('app', dyno(), Buffer.from('hello\n'))
    store.writeLine('app', 'router', 'at=info method=GET')
    const lines = await readAll(store.read('app', { lines: 10, tail: false, filter: {} }))
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 /
    expect(lines.every((line) => time.test(line))).toBe(true)
    expect(lines.map((line) => line.slice(33))).toEqual(['app[web.1]: hello', 'heroku[router]: at=info method=GET'])
  })

  test('gives the last lines asked for, and keeps 1,500', async () => {
    writeNumbers(1, 2000)
    expect(await readTexts(2)).toEqual(['app[web.1]: 1999', 'app[web.1]: 2000'])
    const all = await readTexts(5000)
    expect([all.length, all[0]]).toEqual([1500, 'app[web.1]: 501'])
    store.writeOutput('app', dyno(), Buffer.from(Array.from({ length: 4000 }, (_, i) => `${i}\n`).join('')))
    expect((await readTexts(3)).at(0)).toBe('app[web.1]: 3997')
  })

  test('filters by source, dyno and process type', async () => {
    for (const name of ['web.1', 'web.2', 'website.1']) store.writeOutput('app', dyno(name), Buffer.from('x\n'))
    store.writeLine('app', 'web.1', 'State changed from starting to up')
    expect(await readTexts(9, { process: 'web' })).toHaveLength(3)
    expect(await readTexts(9, { process: 'web.1', source: 'app' })).toEqual(['app[web.1]: x'])
    expect(await readTexts(9, { source: 'heroku' })).toEqual(['heroku[web.1]: State changed from starting to up'])
    expect(await readTexts(1, { process: 'website' })).toEqual(['app[website.1]: x'])
  })

  test('keeps the lines of an old and a new dyno of one name apart', async () => {
    store.writeOutput('app', dyno('web.1', 'old'), Buffer.from('shutting '))
    store.writeOutput('app', dyno('web.1', 'new'), Buffer.from('listening '))
    store.writeOutput('app', dyno('web.1', 'old'), Buffer.from('down\ngood'))
    store.writeOutput('app', dyno('web.1', 'new'), Buffer.from('on 5000\n'))
    store.endOutput('app', 'old')
    const lines = ['shutting down', 'listening on 5000', 'good'].map((text) => `app[web.1]: ${text}`)
    expect(await readTexts(9)).toEqual(lines)
  })

  test('writes what a full disk did not take as soon as it can, once', async () => {
    const problems: unknown[] = []
    const reluctant = openLogStore({ folder, onWriteError: (error) => problems.push(error) })
    reluctant.writeLine('app', 'api', 'first')
    await until(async () => expect(await readdir(path.join(folder, 'app'))).toEqual(['current.log']))
    // A folder in the log's place refuses to be written to, as a full disk does.
    await rename(path.join(folder, 'app', 'current.log'), path.join(folder, 'kept.log'))
    await mkdir(path.join(folder, 'app', 'current.log'))
    reluctant.writeLine('app', 'api', 'second')
    await until(() => expect(problems).toHaveLength(1))
    await rmdir(path.join(folder, 'app', 'current.log'))
    await rename(path.join(folder, 'kept.log'), path.join(folder, 'app', 'current.log'))
    reluctant.writeLine('app', 'api', 'third')
    await reluctant.close()
    expect(await readTexts(9)).toEqual(['app[api]: first', 'app[api]: second', 'app[api]: third'])
    expect(problems).toHaveLength(1)
  })

  test('tails: history first, then what happens, until closed', async () => {
    writeNumbers(1, 3)
    const reader = store.read('app', { lines: 2, tail: true, filter: {} })
    const lines = readAll(reader)
    writeNumbers(4, 5)
    await until(() => store.writeLine('app', 'api', 'Release v2 created'))
    await new Promise(setImmediate)
    reader.close()
    expect((await lines).map((line) => line.slice(33))).toEqual([
      'app[web.1]: 2',
      'app[web.1]: 3',
      'app[web.1]: 4',
      'app[web.1]: 5',
      'app[api]: Release v2 created',
    ])
  })

  test('a reader that falls behind loses the oldest lines, is told how many, and reads how it ended', async () => {
    const reader = store.read('app', { lines: 0, tail: true, filter: {} })
    const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(600))
    const flood = (times: number) => {
      for (let i = 0; i < times; i++) store.writeOutput('app', dyno(), chunk)
    }
    flood(500)
    let text = ''
    let isFull = true
    for await (const piece of reader) {
      text += Buffer.from(piece).toString()
      // Once more, when it has begun to read.
      if (isFull) {
        flood(300)
        store.writeLine('app', 'web.1', 'Process exited with status 1')
      }
      isFull = false
      if (text.includes('Process exited')) break
    }
    const told = [
      ...text.matchAll(
        /heroku\[logplex\]: Error L11 \(.*\) -> This tail session dropped (\d+) messages since \S{32}\.\n/g,
      ),
    ]
    expect(told).toHaveLength(2)
    const lost = told.reduce((sum, [, lines]) => sum + Number(lines), 0)
    expect((text.match(/app\[web\.1\]/g)?.length ?? 0) + lost).toBe(800 * 600)
    // Each stands where the lines are missing, with the time of the last of them.
    expect(text.split('\n')[0]).toContain('Error L11')
    const times = text
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(0, 32))
    expect(times).toEqual(times.toSorted())
    expect(text.length).toBeLessThan(10 * 1024 * 1024)
  })

  test('a dyno that floods its log loses lines, which are counted in it under its name, also when it says nothing more', async () => {
    const chunk = Buffer.from('y\n'.repeat(32_768))
    const reader = store.read('app', { lines: 0, tail: true, filter: { source: 'heroku', process: 'web' } })
    for (let i = 0; i < 100; i++) store.writeOutput('app', dyno(), chunk)
    store.writeOutput('app', dyno('web.2'), Buffer.from('my neighbour says this\n'))
    const [told] = await readFirst(reader)
    expect(told).toMatch(/heroku\[web\.1\]: Error L10 \(output buffer overflow\): \d+ messages dropped since \S{32}: /)
    expect(await readTexts(2, { source: 'app' })).toContain('app[web.2]: my neighbour says this')
    store.writeOutput('app', dyno(), Buffer.from('and now this\n'))
    expect(await readTexts(1)).toEqual(['app[web.1]: and now this'])
    for (let i = 0; i < 100; i++) store.writeOutput('app', dyno(), chunk)
    store.endOutput('app', 'web.1')
    const [last] = await readTexts(1)
    expect(last).toContain('heroku[web.1]: Error L10')
    const dropped = [told, last].reduce((sum, text) => sum + Number(/(\d+) messages/.exec(text ?? '')?.[1]), 0)
    expect(dropped).toBeGreaterThan(100 * 32_768)
    expect(dropped).toBeLessThan(200 * 32_768)
  })

  test('keeps the lines across restarts, also when it was never closed', async () => {
    writeNumbers(1, 1600)
    store.writeLine('app', 'api', 'Deploy by somebody')
    await until(async () => {
      const again = openStore()
      const lines = await readAll(again.read('app', { lines: 3, tail: false, filter: {} }))
      expect(lines.map((line) => line.slice(33))).toEqual([
        'app[web.1]: 1599',
        'app[web.1]: 1600',
        'app[api]: Deploy by somebody',
      ])
      expect(await readAll(again.read('app', { lines: 5000, tail: false, filter: {} }))).toHaveLength(1500)
    })
  })

  test('goes on after half a line that a killed agent left', async () => {
    writeNumbers(1, 2)
    await store.close()
    await appendFile(path.join(folder, 'app', 'current.log'), '2026-11-21T03:45:12.123456+00:00 app[web.1]: hal')
    store = openStore()
    writeNumbers(4, 4)
    const expected = ['app[web.1]: 1', 'app[web.1]: 2', 'app[web.1]: hal', 'app[web.1]: 4']
    expect(await readTexts(9)).toEqual(expected)
    await store.close()
    store = openStore()
    expect(await readTexts(9)).toEqual(expected)
  })

  test('its files stay short under a flood', async () => {
    const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(600))
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 20; i++) store.writeOutput('app', dyno(), chunk)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    await store.close()
    const names = await readdir(path.join(folder, 'app'))
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, 'app', name))).size))
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(2 * 2100 * 150)
    store = openStore()
    expect(await readTexts(5000)).toHaveLength(1500)
  })

  test("destroys an app's log", async () => {
    writeNumbers(1, 3)
    await store.destroyApp('app')
    expect(await readdir(folder)).toEqual([])
  })
})
