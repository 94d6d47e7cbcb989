import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogSessionCreate } from '../../../../agent/contract/logs/log-session.ts'
import { limits } from '../../../../agent/core/limits.ts'
import type { LogStore } from '../../../../agent/core/ports/logs/log-store.ts'
import { openLogStore } from '../../../../agent/logs/file-log-store.ts'
import { LogSessions, type ReadingAgain } from '../../../../agent/operations/runtime/logs/log-sessions.ts'
import { Seal } from '../../../../agent/operations/runtime/seal.ts'
import { until } from '../../../tooling/until.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

let folder: string
let logs: LogStore
let sessions: LogSessions
let mayRead: boolean
const clock = new ManualClock()
const never = new AbortController().signal
const ann = { id: 'ann', email: 'ann@laptop', keyId: null }

/** As the agent after this one makes them. */
const openSessions = (key = 1) =>
  new LogSessions({ logs, clock, seal: new Seal(new Uint8Array(32).fill(key), 'log session'), mayRead: () => mayRead })

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-log-sessions-'))
  logs = openLogStore({
    folder,
    onWriteError: (error) => {
      throw error
    },
  })
  mayRead = true
  sessions = openSessions()
})
afterEach(async () => {
  await logs.close()
  await rm(folder, { recursive: true })
})

const write = (text: string, name = 'web.1') => logs.writeOutput('app', { id: name, name }, Buffer.from(`${text}\n`))
const create = (wanted: LogSessionCreate = {}) => sessions.create('app', ann, wanted)

interface Reading {
  text: string
  isOver: boolean
  stop(): void
}

function read(secret: string, again: ReadingAgain = {}): Reading {
  const controller = new AbortController()
  const bytes = sessions.open(secret, again, controller.signal)
  if (!bytes) throw new Error('there is no such session')
  const reading: Reading = { text: '', isOver: false, stop: () => controller.abort() }
  void (async () => {
    for await (const piece of bytes) reading.text += Buffer.from(piece)
    reading.isOver = true
  })()
  return reading
}

describe('a log session', () => {
  it('without a tail ends with its history and is read once, within five minutes', async () => {
    write('one')
    write('two')
    const [first, late] = [create({ lines: 1 }), create()]
    const reading = read(first)
    await until(() => expect(reading.isOver).toBe(true))
    expect(reading.text).toMatch(/^\S+ app\[web\.1\]: two\n$/)
    expect(sessions.open(first, {}, never)).toBeNull()
    await clock.advance(5 * 60_000)
    expect(sessions.open(late, {}, never)).toBeNull()
  })

  it('filters by what the client sends: a dyno or a type, by either name, and a source', async () => {
    write('web')
    write('worker', 'worker.1')
    logs.writeLine('app', 'api', 'Scaled')
    logs.writeLine('app', 'web.1', 'State changed')
    const textOf = async (wanted: LogSessionCreate) => {
      const reading = read(create(wanted))
      await until(() => expect(reading.isOver).toBe(true))
      return reading.text.split('\n').flatMap((line) => line.slice(33) || [])
    }
    const [web, worker, api, state] = [
      'app[web.1]: web',
      'app[worker.1]: worker',
      'app[api]: Scaled',
      'heroku[web.1]: State changed',
    ]
    expect(await textOf({ dyno: 'web.1' })).toEqual([web, state])
    expect(await textOf({ dyno: 'worker' })).toEqual([worker])
    expect(await textOf({ dyno_name: 'web.1', source: 'app' })).toEqual([web])
    expect(await textOf({ type: 'web', source: 'heroku' })).toEqual([state])
    expect(await textOf({ source: 'app', dyno: 'api' })).toEqual([api])
    expect(await textOf({ lines: 0 })).toEqual([])
    expect(await textOf({ lines: 1_000_000 })).toHaveLength(4)
    expect(() => create({ source: 'router' })).toThrow('There is no log source "router"')
  })

  it('that tails may be read again, after the line that its reader has', async () => {
    write('one')
    const secret = create({ tail: true })
    const first = read(secret, { format: 'events' })
    await until(() => expect(first.text).toContain('one'))
    first.stop()
    write('two')
    const after = /^id: (\S+)$/m.exec(first.text)?.[1]
    const second = read(secret, { format: 'events', after })
    write('three')
    await until(() => expect(second.text).toContain('three'))
    expect(second.text).not.toContain('one')
    expect(second.text.match(/two/g)).toHaveLength(1)
    second.stop()
    await clock.advance(24 * 60 * 60_000)
    expect(sessions.open(secret, {}, never)).toBeNull()
  })

  it('has one reader at a time: who comes again takes the place of who came before', async () => {
    const secret = create({ tail: true })
    const first = read(secret)
    const second = read(secret)
    await until(() => expect(first.isOver).toBe(true))
    write('one')
    await until(() => expect(second.text).toContain('one'))
    expect(first.text).toBe('')
    second.stop()
  })

  it('outlives the agent, and is worth nothing to another server', async () => {
    const secret = create({ tail: true })
    sessions = openSessions()
    const reading = read(secret)
    write('one')
    await until(() => expect(reading.text).toContain('one'))
    reading.stop()
    sessions = openSessions(2)
    expect(sessions.open(secret, {}, never)).toBeNull()
  })

  it('can be neither forged nor stretched, and ends with the right to look', () => {
    const secret = create({ tail: true })
    // As everything else that stands in a path.
    expect(secret).toMatch(/^[\w-]+$/)
    expect(create({ dyno: 'x'.repeat(200), source: 'heroku', tail: true }).length).toBeLessThan(1024)
    const [seal, body] = [secret.slice(0, 43), secret.slice(43)]
    const stretched = JSON.parse(Buffer.from(body, 'base64url').toString())
    stretched.expiresAtMs += 1
    const forged = Buffer.from(JSON.stringify(stretched)).toString('base64url')
    for (const wrong of ['', seal, body, `${seal}${forged}`, `${secret}x`, secret.slice(1), `é${secret.slice(1)}`]) {
      expect(sessions.open(wrong, {}, never), wrong).toBeNull()
    }
    mayRead = false
    expect(sessions.open(secret, {}, never)).toBeNull()
  })

  it('is one of a bounded number of readers of an app, each of which gives its place back', async () => {
    const readings = Array.from({ length: limits.logReadersPerApp }, () => read(create({ tail: true })))
    expect(() => read(create({ tail: true }))).toThrow('as many as may be')
    const other = sessions.create('other app', ann, { tail: true })
    expect(sessions.open(other, {}, never)).not.toBeNull()
    readings[0]?.stop()
    await until(() => expect(readings[0]?.isOver).toBe(true))
    const next = read(create({ tail: true }))
    for (const reading of [...readings, next]) reading.stop()
  })
})
