import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Sample } from '../../../agent/core/metrics/sample.ts'
import { finest, type Tier } from '../../../agent/core/metrics/tier.ts'
import { noTraffic } from '../../../agent/core/metrics/traffic.ts'
import type { MetricsStore } from '../../../agent/core/ports/metrics-store.ts'
import { migrate } from '../../../agent/sqlite/database.ts'
import { metricMigrations } from '../../../agent/sqlite/metric-migrations.ts'
import { openMetricsStore } from '../../../agent/sqlite/metrics.ts'

let folder: string
let path: string
let problems: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-metrics-'))
  path = join(folder, 'metrics.db')
  problems = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => openMetricsStore(path, (problem) => problems.push(problem))

const sample = (requests: number): Sample => ({
  traffic: { statuses: [0, requests, 0, 0, 0], times: noTraffic.times.with(13, requests) },
  trafficSteps: 1,
  dynos: [{ name: 'web.1', memoryBytes: 5, memoryLimitBytes: null, cpu: 0.125 }],
  machine: { memoryBytes: 1, memoryTotalBytes: 2, cpu: null, cores: 2, diskBytes: 1, diskTotalBytes: 2 },
})

const small: Tier = { span: '1h', stepMs: 10_000, slots: 6 }
const put = (store: MetricsStore, step: number, owner: string | null = 'a1', tier = small) =>
  store.put(tier, step, new Map([[owner, sample(step)]]))
const steps = (store: MetricsStore, from: number, to: number) =>
  store.read(small, 'a1', { from, to }).map(({ step }) => step)

it('gives back what was put, to the last field', () => {
  const store = open()
  put(store, 7)
  expect(store.read(small, 'a1', { from: 7, to: 7 })).toEqual([{ step: 7, sample: sample(7) }])
  const unknown: Sample = { traffic: null, trafficSteps: 0, dynos: [], machine: null }
  store.put(small, 8, new Map([['a1', unknown]]))
  expect(store.read(small, 'a1', { from: 8, to: 8 })[0]?.sample).toEqual(unknown)
  store.close()
})

it('keeps a ring: what is a whole ring old goes, and a part over its end is read in order', () => {
  const store = open()
  for (let step = 0; step < 20; step++) put(store, step)
  expect(steps(store, 14, 19)).toEqual([14, 15, 16, 17, 18, 19])
  expect(steps(store, 16, 18)).toEqual([16, 17, 18])
  expect(steps(store, 8, 13)).toEqual([])
  store.close()
})

it('loses one slot to a clock that jumped into the future and back, and shows nothing of it', () => {
  const store = open()
  for (let step = 0; step < 6; step++) put(store, step)
  put(store, 1_000_003)
  expect(steps(store, 0, 5)).toEqual([0, 2, 3, 4, 5])
  put(store, 6)
  expect(store.newestStep(small, 100)).toBeNull()
  put(store, 6, null)
  put(store, 1_000_000, null)
  expect(store.newestStep(small, 100)).toBe(6)
  store.close()
})

it('writes all of a transaction or nothing', () => {
  const store = open()
  const fail = () =>
    store.transaction(() => {
      put(store, 1)
      throw new Error('the power went off')
    })
  expect(fail).toThrow('the power')
  expect(steps(store, 0, 5)).toEqual([])
  store.close()
})

it('forgets an app with all its tiers, and no other', () => {
  const store = open()
  put(store, 1)
  put(store, 1, 'a2')
  put(store, 1, null)
  store.destroyApp('a1')
  expect(steps(store, 0, 5)).toEqual([])
  expect(store.owners().sort()).toEqual(['a2', null])
  store.close()
})

it('has no more rows than its rings have slots, whatever the clock does', () => {
  const store = open()
  store.transaction(() => {
    for (let step = 0; step < 3 * finest.slots; step++) put(store, (step * 7919) % 10_000, null, finest)
  })
  store.close()
  using database = new DatabaseSync(path)
  expect(Number(database.prepare('SELECT count(*) AS n FROM samples').get()?.n)).toBeLessThanOrEqual(finest.slots)
})

/** Rows as an agent of each older version wrote them. */
const addedByVersion = [
  `INSERT INTO series VALUES (1, ''), (2, 'a1');
   INSERT INTO samples VALUES (2, 10000, 1, 7, '{"n":1,"s":[0,7,0,0,0],"t":[13,7],"d":[["web.1",5,null,0.125]]}');`,
]

it.each(metricMigrations.map((_, index) => index + 1))(
  'reads what an agent of version %i of the file wrote',
  (version) => {
    {
      using database = new DatabaseSync(path)
      migrate(database, metricMigrations.slice(0, version))
      database.exec(addedByVersion.slice(0, version).join('\n'))
    }
    const store = open()
    expect(store.read(small, 'a1', { from: 7, to: 7 })[0]?.sample).toEqual({ ...sample(7), machine: null })
    expect(problems).toEqual([])
    store.close()
  },
)

it.each([
  ['is damaged', () => writeFileSync(path, 'x'.repeat(5000))],
  [
    'is of a newer agent',
    () => {
      using database = new DatabaseSync(path)
      database.exec('PRAGMA user_version = 99')
    },
  ],
])('puts a file aside that %s, says so, and begins anew', (_, spoil) => {
  spoil()
  const store = open()
  put(store, 1)
  expect(steps(store, 0, 5)).toEqual([1])
  expect(problems).toEqual(['The file of metrics can not be read, and is begun anew'])
  expect(readdirSync(folder)).toContain('metrics.db.unread')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  store.close()
})
