import { afterEach, beforeEach, expect, test } from 'vitest'
import { addAuthorizedKey, removeAuthorizedKey } from '../../../../agent/access/authorized-keys.ts'
import { actorId } from '../../../../agent/access/token.ts'
import { eventually } from '../../../servers/eventually.ts'
import { settle } from '../workbench.ts'
import { door, newKey, ServedBench } from './served.ts'

let bench: ServedBench
beforeEach(async () => {
  bench = await ServedBench.open()
})
afterEach(() => bench.close())

const people = () => bench.store.people
/** As an operation does it: the record goes first, the line after it. */
const forget = (id: string, at: string) => people().removeKey(id, at)

test('a key that root put in manages the whole server under its comment, from the first sight on', async () => {
  const key = bench.letIn('ann@laptop')
  expect(bench.who(key)).toEqual({ id: actorId(key.id), email: 'ann@laptop', keyId: key.id })
  expect(people().listGrants()).toMatchObject([
    { personId: actorId(key.id), appId: null, role: 'manage', grantedBy: null },
  ])
  await bench.restart()
  expect(bench.who(key)?.email).toBe('ann@laptop')
  expect(people().list()).toHaveLength(1)
})

test('a key without a comment goes by its own id', () => {
  const key = bench.letIn('')
  expect(bench.who(key)?.email).toBe(key.id)
})

test('nobody becomes somebody else by the comment of a key', () => {
  const [first, second] = [bench.letIn('ann@laptop'), bench.letIn('ANN@laptop')]
  const [ann, other] = [bench.who(first), bench.who(second)]
  expect(other?.id).not.toBe(ann?.id)
  expect([ann?.email, other?.email]).toEqual(['ann@laptop', `ANN+${second.id.slice(0, 8)}@laptop`])
})

test('a key that is not in the file is nobody, and who it was when it is back', () => {
  const key = bench.letIn('ann@laptop')
  const ann = bench.who(key)
  people().putGrant({ ...people().listGrants()[0], role: 'view' } as never)
  bench.write(() => '')
  expect(bench.who(key)).toBeNull()
  bench.letIn('ann@laptop', { key, at: '2100-01-01T00:00:00Z' })
  expect(bench.who(key)).toEqual(ann)
  expect(people().listGrants()).toMatchObject([{ role: 'view' }])
})

test('a removed key that comes back by itself is taken out again, and opens nothing meanwhile', async () => {
  const kept = bench.letIn('ann@laptop')
  const key = bench.letIn('bob@desk')
  const before = bench.lines
  expect(bench.who(key)).not.toBeNull()
  forget(key.id, '2026-01-02T00:00:00Z')
  bench.write((text) => removeAuthorizedKey(text, key.id))
  expect(bench.who(key)).toBeNull()
  // Root saves the file as an editor had it.
  bench.write(() => before)
  expect(bench.who(key)).toBeNull()
  await eventually(() => !bench.present.includes('bob@desk'), 20_000, 'the line is still there')
  expect(bench.who(kept)).not.toBeNull()
})

test('a removal that a crash cut short is finished by the next start', async () => {
  const key = bench.letIn('bob@desk')
  expect(bench.who(key)).not.toBeNull()
  forget(key.id, '2026-01-02T00:00:00Z')
  await bench.restart()
  expect(bench.who(key)).toBeNull()
  await eventually(() => bench.present.length === 0, 20_000, 'the line is still there')
})

test('an addition that a crash cut short lets nobody in', async () => {
  bench.letIn('ann@laptop')
  const key = newKey('bob@desk')
  const createdAt = '2026-01-01T00:00:00Z'
  people().insert({ id: 'p2', email: 'bob@desk', createdAt })
  people().insertKey({ ...key, personId: 'p2', addedBy: null, createdAt })
  await bench.restart()
  expect(bench.who(key)).toBeNull()
  expect(bench.present).toEqual(['ann@laptop'])
})

test('root lets a removed key in again by keys add, not by a line that says so since before', async () => {
  const key = bench.letIn('bob@desk', { at: '2026-01-01T00:00:00Z' })
  expect(bench.who(key)).not.toBeNull()
  forget(key.id, '2026-01-02T00:00:00Z')
  bench.write((text) => `${text}# a line more\n`)
  expect(bench.who(key)).toBeNull()
  await eventually(() => bench.present.length === 0, 20_000, 'the line is still there')
  bench.letIn('bob@desk', { key, at: '2026-01-03T00:00:00Z' })
  expect(bench.who(key)).not.toBeNull()
})

test('half a line, a line twice, and lines of others make nobody', () => {
  const key = newKey('ann@laptop')
  const line = addAuthorizedKey('', key, door)
  bench.write(() => line.slice(0, line.indexOf(key.blob) + 40))
  expect(bench.who(key)).toBeNull()
  bench.write(() => `# mine\n${line}${line}ssh-ed25519 ${newKey('').blob} root@desk\n`)
  expect(bench.who(key)).not.toBeNull()
  expect(people().list()).toHaveLength(1)
})

test('who is known stays known when the disk is full', async () => {
  const ann = bench.letIn('ann@laptop')
  expect(bench.who(ann)).not.toBeNull()
  const full = () => {
    throw new Error('full')
  }
  await bench.stop()
  await bench.start((ports) => {
    const store = { ...ports.store, people: { ...ports.store.people, insert: full } }
    return { ...ports, store }
  })
  const bob = bench.letIn('bob@desk')
  expect([bench.who(ann)?.email, bench.who(bob)]).toEqual(['ann@laptop', null])
  expect(bench.problems.join()).toContain('new SSH keys failed: Error: full')
  await bench.restart()
  expect(bench.who(bob)?.email).toBe('bob@desk')
})

test('keys that lose their line are told to whoever holds their connections, once it is no moment of an editor', async () => {
  const [ann, bob] = [bench.letIn('ann@laptop'), bench.letIn('bob@desk')]
  bench.who(ann)
  const lost: string[] = []
  bench.platform.onReduced((keyIds) => lost.push(...keyIds))
  const whole = bench.lines
  bench.write(() => '')
  expect([bench.who(ann), bench.who(bob)]).toEqual([null, null])
  await settle()
  expect(lost).toEqual([])
  bench.write(() => removeAuthorizedKey(whole, bob.id))
  await bench.clock.advance(1000)
  expect(lost).toEqual([bob.id])
  expect(bench.who(ann)).not.toBeNull()
})
