import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRange, selectPage } from '../../../agent/api/range.ts'
import { endpoints } from '../../../agent/contract/endpoints.ts'
import { Bench } from './workbench.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.open()
  for (const name of ['shop', 'cherry', 'apple', 'banana']) await bench.createApp(name)
  for (let at = 0; at < 8; at++) await bench.setConfigVars({ A: String(at) })
})
afterAll(() => bench.close())

const headers = [
  '',
  'version ..; max=1, order=desc',
  'version ..; max=3',
  'version ]4..; max=3',
  'version ]4..; max=3, order=desc',
  'version 3..6; max=2',
  'version 6..3; max=2, order=desc',
  'version ]3..6[',
  'version 900..',
  'version nonsense..',
  'id ..; max=4',
  'created_at ..; order=desc, max=2',
]

it.each(headers)('a page of releases is made of those that it shows, and is the same page: %j', async (header) => {
  const { ranges } = endpoints.listReleases
  const list = async (range?: ReturnType<typeof readRange>) =>
    bench.call('listReleases', { parameters: { app: 'shop' }, body: undefined, range })
  const whole = selectPage(await list(), header, ranges)
  const part = await list(readRange(header, ranges))
  expect(selectPage(part, header, ranges)).toEqual(whole)
  // A bound that is left out and the item that tells that there is more.
  expect(part.length).toBeLessThanOrEqual(whole.items.length + 2)
})

it.each(['', 'name ..; max=2', 'name ]b..; max=1, order=desc', 'created_at ..; max=1', 'updated_at 2027..'])(
  'a page of apps is made of those that it shows, and is the same page: %j',
  async (header) => {
    const { ranges } = endpoints.listApps
    const list = async (range?: ReturnType<typeof readRange>) =>
      bench.call('listApps', { parameters: {}, body: undefined, range })
    const whole = selectPage(await list(), header, ranges)
    const part = await list(readRange(header, ranges))
    expect(selectPage(part, header, ranges)).toEqual(whole)
    expect(part.length).toBeLessThanOrEqual(whole.items.length + 1)
  },
)
