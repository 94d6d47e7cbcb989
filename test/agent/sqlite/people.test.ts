import { afterEach, beforeEach, expect, it } from 'vitest'
import type { GrantRow, KeyRow } from '../../../agent/core/ports/access/people-store.ts'
import type { Store } from '../../../agent/core/ports/store.ts'
import { openStore } from '../../../agent/sqlite/store.ts'
import { appRow } from './rows.ts'

const at = '2026-01-01T00:00:00.000Z'
const later = '2026-01-02T00:00:00.000Z'
const ann = { id: 'p1', email: 'ann@laptop' }
const keyRow = (change: Partial<KeyRow> = {}): KeyRow => ({
  id: '0123456789abcdef',
  personId: 'p1',
  type: 'ssh-ed25519',
  blob: 'AAAA',
  comment: 'ann',
  addedBy: ann,
  createdAt: at,
  ...change,
})
const grantRow = (change: Partial<GrantRow> = {}): GrantRow => ({
  personId: 'p1',
  appId: null,
  role: 'view',
  grantedBy: null,
  createdAt: at,
  updatedAt: at,
  ...change,
})

let store: Store
beforeEach(() => {
  store = openStore(':memory:', new Uint8Array(32))
  store.people.insert({ ...ann, createdAt: at })
})
afterEach(() => store.close())

it('gives people, keys and grants back as they were put in', () => {
  const { people } = store
  store.apps.insert(appRow())
  const onApp = grantRow({ appId: appRow().id, role: 'deploy', grantedBy: ann })
  people.insertKey(keyRow())
  people.putGrant(grantRow())
  people.putGrant(onApp)
  expect(people.list()).toEqual([{ ...ann, createdAt: at }])
  expect(people.listKeys()).toEqual([keyRow()])
  expect(people.listGrants()).toEqual([grantRow(), onApp])
})

it('knows nobody by two spellings of one name', () => {
  expect(() => store.people.insert({ id: 'p2', email: 'ANN@laptop', createdAt: at })).toThrow('UNIQUE')
})

it('keeps one role in one place, and when it was first given', () => {
  store.people.putGrant(grantRow())
  store.people.putGrant(grantRow({ role: 'manage', grantedBy: ann, createdAt: later, updatedAt: later }))
  expect(store.people.listGrants()).toEqual([grantRow({ role: 'manage', grantedBy: ann, updatedAt: later })])
  store.people.removeGrant('p1', null)
  expect(store.people.listGrants()).toEqual([])
})

it("remembers a removed person's keys as removed, until one is added again", () => {
  const { people } = store
  people.insertKey(keyRow())
  people.insertKey(keyRow({ id: 'fedcba9876543210' }))
  people.putGrant(grantRow())
  people.remove('p1', later)
  expect([people.list(), people.listKeys(), people.listGrants()]).toEqual([[], [], []])
  expect([...people.removedKeys()].sort()).toEqual([
    ['0123456789abcdef', later],
    ['fedcba9876543210', later],
  ])
  people.insert({ ...ann, createdAt: later })
  people.insertKey(keyRow())
  expect([...people.removedKeys().keys()]).toEqual(['fedcba9876543210'])
  people.removeKey(keyRow().id, at)
  expect(people.removedKeys().get(keyRow().id)).toBe(at)
})

it('takes roles on an app away with the app', () => {
  store.apps.insert(appRow())
  store.people.putGrant(grantRow({ appId: appRow().id }))
  store.apps.destroy(appRow().id)
  expect(store.people.listGrants()).toEqual([])
})
