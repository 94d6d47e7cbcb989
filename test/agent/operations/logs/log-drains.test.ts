import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DrainAnswer, Drains } from '../../../../agent/core/ports/logs/drain.ts'
import type { LogStore } from '../../../../agent/core/ports/logs/log-store.ts'
import { openLogStore } from '../../../../agent/logs/file-log-store.ts'
import { Background } from '../../../../agent/operations/runtime/background.ts'
import { LogDrains } from '../../../../agent/operations/runtime/logs/log-drains.ts'
import { until } from '../../../tooling/until.ts'
import { someId } from '../../sqlite/rows.ts'
import { ManualClock, settle } from '../fakes/manual-clock.ts'

const appId = someId(1)
const row = { id: someId(9), appId, url: 'https://logs.example/x', token: 'd.1', createdAt: 't', updatedAt: 't' }

let folder: string
let logs: LogStore
let background: Background
let clock: ManualClock
let drains: LogDrains
let sent: { text: string; frameId: string }[]
let answer: () => DrainAnswer
let isClosed: boolean

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-drains-'))
  logs = openLogStore({ folder, onWriteError: (error) => expect.unreachable(String(error)) })
  background = new Background((problem, cause) => expect.unreachable(`${problem}: ${cause}`))
  clock = new ManualClock()
  sent = []
  answer = () => ({ kind: 'taken' })
  isClosed = false
  const fake: Drains = {
    open: () => ({
      async send(lines, frameId) {
        sent.push({ text: Buffer.from(lines).toString(), frameId })
        return answer()
      },
      close: () => {
        isClosed = true
      },
    }),
  }
  drains = new LogDrains({ drains: fake, logs, clock, background })
})
afterEach(async () => {
  await background.close()
  await logs.close()
  await rm(folder, { recursive: true })
})

const say = (text: string) => logs.writeLine(appId, 'api', text)
const fail = () => {
  throw new Error('connect ECONNREFUSED')
}
const texts = () => sent.map(({ text }) => text).join('')

async function readLog(): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of logs.read(appId, { lines: 100, tail: false, filter: {} })) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

it('sends what is written from its start on, and nothing once it is stopped', async () => {
  say('before')
  drains.start(row)
  say('during')
  await until(() => expect(texts()).toMatch(/app\[api\]: during\n$/))
  drains.stop(row.id)
  say('after')
  await until(() => expect(isClosed).toBe(true))
  expect(texts()).not.toMatch(/before|after/)
})

it('sends the same lines again, as the same frame, until they are taken, further and further apart', async () => {
  answer = fail
  drains.start(row)
  say('one')
  await until(() => expect(sent).toHaveLength(1))
  // A retry comes within its time, never before half of it.
  for (const [index, halfMs] of [500, 1000, 2000, 4000].entries()) {
    await clock.advance(halfMs - 20)
    expect(sent).toHaveLength(index + 1)
    await clock.advance(halfMs + 20)
    expect(sent).toHaveLength(index + 2)
  }
  say('two')
  answer = () => ({ kind: 'taken' })
  await clock.advance(60_000)
  await until(() => expect(texts()).toContain('two'))
  const first = sent.slice(0, -1)
  expect(new Set(first.map(({ frameId, text }) => `${frameId} ${text}`)).size).toBe(1)
  expect(sent.at(-1)?.frameId).not.toBe(sent[0]?.frameId)
})

it('says so when its certificate is not to be trusted', async () => {
  answer = () => {
    throw Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  }
  drains.start(row)
  say('one')
  await until(() => expect(sent).toHaveLength(1))
  await settle()
  expect(await readLog()).toContain(
    'heroku[logplex]: Error L14 (Certificate validation error): the drain d.1 gets no lines now, self-signed certificate;',
  )
})

it('says in the log, once, that it fails, and once that it works again', async () => {
  answer = fail
  drains.start(row)
  say('one')
  await until(() => expect(sent).toHaveLength(1))
  for (let at = 0; at < 10; at++) await clock.advance(60_000)
  answer = () => ({ kind: 'taken' })
  await clock.advance(60_000)
  await settle()
  const told = (await readLog()).split('\n').filter((line) => line.includes('d.1'))
  expect(told).toHaveLength(2)
  expect(told[0]).toMatch(/heroku\[logplex\]: Error L13.*the drain d\.1 gets no lines now, connect ECONNREFUSED/)
  expect(told[1]).toContain('takes lines again')
})

it('gives up on lines that are refused, and goes on with the next', async () => {
  answer = () => ({ kind: 'refused', reason: 'it answered 413' })
  drains.start(row)
  say('large')
  await until(async () => expect(await readLog()).toContain('it answered 413'))
  answer = () => ({ kind: 'taken' })
  say('small')
  await until(() => expect(texts()).toContain('small'))
  expect(sent.filter(({ text }) => text.includes('large'))).toHaveLength(1)
})

it('does not speak of itself without end when one sending in two is refused', async () => {
  let sendings = 0
  answer = () => (sendings++ % 2 === 0 ? { kind: 'refused', reason: 'it answered 400' } : { kind: 'taken' })
  drains.start(row)
  for (let at = 0; at < 20; at++) {
    const before = sent.length
    say(`line ${at}`)
    await until(() => expect(sent.length).toBeGreaterThan(before))
  }
  expect((await readLog()).split('\n').filter((line) => line.includes('d.1'))).toHaveLength(1)
})
