import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LogReading, LogStore } from '../../../agent/core/ports/logs/log-store.ts'
import { openLogStore } from '../../../agent/logs/file-log-store.ts'

let folder: string
let store: LogStore
let stores: LogStore[]
/** Microseconds; null follows the machine's clock. */
let now: number | null

const openStore = () => {
  const clock = () => now ?? Date.now() * 1000
  const opened = openLogStore({
    folder,
    now: clock,
    onWriteError: (error) => {
      throw error
    },
  })
  stores.push(opened)
  return opened
}

beforeEach(async () => {
  now = null
  stores = []
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-log-events-'))
  store = openStore()
})
afterEach(async () => {
  for (const opened of stores) await opened.close()
  await rm(folder, { recursive: true })
})

interface Event {
  readonly id: string | null
  readonly text: string
}

/** As the standard has a browser read them. */
function parseEvents(stream: string): Event[] {
  const blocks = stream.split('\n\n').slice(0, -1)
  return blocks.map((block) => {
    const fields = block.split('\n').map((line) => /^(\w+): (.*)$/s.exec(line) ?? [])
    const valuesOf = (field: string) => fields.flatMap(([, name, value]) => (name === field ? [value ?? ''] : []))
    return { id: valuesOf('id').at(-1) ?? null, text: valuesOf('data').join('\n').slice(33) }
  })
}

async function read(from: LogStore, reading: Partial<LogReading> = {}): Promise<Event[]> {
  let text = ''
  const reader = from.read('app', { lines: 1500, tail: false, filter: {}, format: 'events', ...reading })
  for await (const piece of reader) text += Buffer.from(piece).toString('latin1')
  return parseEvents(text)
}
const textsOf = (events: readonly Event[]) => events.map(({ text }) => text)
const write = (text: string, name = 'web.1') =>
  store.writeOutput('app', { id: name, name }, Buffer.from(text, 'latin1'))

describe('the lines of a log as events', () => {
  test('each has an id of its own, also those of one moment', async () => {
    now = 1_795_232_712_123_456
    write('one\ntwo\n')
    write('three\n')
    store.writeLine('app', 'router', 'at=info')
    expect(await read(store)).toEqual([
      { id: '1795232712123456-0', text: 'app[web.1]: one' },
      { id: '1795232712123456-1', text: 'app[web.1]: two' },
      { id: '1795232712123457-0', text: 'app[web.1]: three' },
      { id: '1795232712123458-0', text: 'heroku[router]: at=info' },
    ])
  })

  test('nothing that a dyno writes can end its event, or begin another', async () => {
    write('a\rid: 1\rdata: forged\r\r\nb \xff\0: c\n\n')
    expect(textsOf(await read(store))).toEqual([
      'app[web.1]: a\nid: 1\ndata: forged\n',
      'app[web.1]: b \xff\0: c',
      'app[web.1]: ',
    ])
  })

  test('a reader goes on after the line that it has, neither twice nor with a gap', async () => {
    write('1\n2\n3\n')
    write('4\n5\n')
    const all = await read(store)
    for (const [index, { id }] of all.entries()) {
      const rest = await read(store, { after: id ?? '', lines: 0 })
      expect(rest).toEqual(all.slice(index + 1))
    }
  })

  test('and with its filter, whoever wrote the line that it has', async () => {
    write('1\n')
    write('2\n', 'worker.1')
    write('3\n')
    const [first, second] = await read(store)
    expect(textsOf(await read(store, { after: second?.id ?? '', filter: { process: 'web' } }))).toEqual([
      'app[web.1]: 3',
    ])
    expect(textsOf(await read(store, { after: first?.id ?? '', filter: { process: 'worker' } }))).toEqual([
      'app[worker.1]: 2',
    ])
  })

  test('ids hold across restarts of the agent, in order and out of it', async () => {
    now = 1_795_232_712_123_456
    write('1\n2\n')
    const before = await read(store)
    // What a killed agent had not written yet is lost, though a reader may have it.
    const isWritten = async () => {
      const again = openStore()
      const events = await read(again)
      return events.length === 2 ? { again, events } : null
    }
    const { again, events } = await vi.waitUntil(isWritten)
    expect(events).toEqual(before)
    write('lost\n')
    const lost = (await read(store)).at(-1)
    store = again
    now += 1000
    write('3\n')
    expect(textsOf(await read(store, { after: before[0]?.id ?? '' }))).toEqual(['app[web.1]: 2', 'app[web.1]: 3'])
    expect(textsOf(await read(store, { after: lost?.id ?? '' }))).toEqual(['app[web.1]: 3'])
  })

  test('ids hold when the clock is set back', async () => {
    now = 1_795_232_712_123_456
    write('1\n')
    const [first] = await read(store)
    now -= 3_600_000_000
    write('2\n')
    write('3\n')
    expect(textsOf(await read(store, { after: first?.id ?? '' }))).toEqual(['app[web.1]: 2', 'app[web.1]: 3'])
  })

  test('a reader that was away for longer than lines are kept is told', async () => {
    write('first\n')
    const [first] = await read(store)
    for (let i = 0; i < 1600; i++) write(`${i}\n`)
    const events = await read(store, { after: first?.id ?? '' })
    expect(events).toHaveLength(1501)
    expect(events[0]).toEqual({
      id: null,
      text: expect.stringMatching(
        /^heroku\[logplex\]: Error L11 \(Tail buffer overflow\) -> This tail session lost messages since /,
      ),
    })
    expect(events[1]?.text).toBe('app[web.1]: 100')
  })

  test('an id that is none of ours counts as none', async () => {
    write('1\n2\n')
    for (const after of ['', 'x', '1', '1-', '99999999999999999999-0']) {
      expect(textsOf(await read(store, { after, lines: 1 }))).toEqual(['app[web.1]: 2'])
    }
  })

  test('a reader that falls behind is told, in an event that it does not begin after', async () => {
    const reader = store.read('app', { lines: 0, tail: true, filter: {}, format: 'events' })
    const chunk = `${'x'.repeat(99)}\n`.repeat(600)
    for (let i = 0; i < 200; i++) write(chunk)
    let text = ''
    for await (const piece of reader) {
      text += Buffer.from(piece).toString()
      if (text.includes('Error L11')) break
    }
    expect(parseEvents(text).findLast((event) => event.text.includes('L11'))?.id).toBeNull()
  })
})
