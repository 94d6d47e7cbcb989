import { afterEach, beforeEach, expect, test } from 'vitest'
import { Bench, settle } from '../workbench.ts'

const parameters = { app: 'shop' }
const anHourMs = 60 * 60 * 1000
const url = 'https://pages.test/error.html?key=secret'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const set = async (body: Record<string, string | null>) => {
  await bench.call('updateConfigVars', { parameters, body })
  await settle()
}
const logged = () => bench.logs.lines.filter((line) => line.includes('could not be fetched'))

test('a page that a config var names is fetched, told to the router, and taken back with the config var', async () => {
  bench.pages.there.set(url, '<h1>Ours</h1>')
  await set({ ERROR_PAGE_URL: url })
  expect(bench.router.app('shop')).toMatchObject({ errorPage: '<h1>Ours</h1>' })
  bench.pages.there.set('https://pages.test/back-soon', '<h1>Soon</h1>')
  await set({ MAINTENANCE_PAGE_URL: 'https://pages.test/back-soon', ERROR_PAGE_URL: null })
  expect(bench.router.app('shop')).toMatchObject({ maintenancePage: '<h1>Soon</h1>' })
  expect(bench.router.app('shop')).not.toHaveProperty('errorPage')
})

test('a page is fetched anew every hour, and the old one stays when the new can not be had', async () => {
  bench.pages.there.set(url, 'first')
  await set({ ERROR_PAGE_URL: url })
  bench.pages.there.set(url, 'second')
  await bench.clock.advance(anHourMs)
  await settle()
  expect(bench.router.app('shop')).toMatchObject({ errorPage: 'second' })
  bench.pages.there.delete(url)
  await bench.clock.advance(anHourMs)
  await settle()
  expect(bench.router.app('shop')).toMatchObject({ errorPage: 'second' })
  expect(logged()).toEqual([
    expect.stringMatching(
      /ERROR_PAGE_URL could not be fetched: the answer has status 404\. The one fetched before is shown\./,
    ),
  ])
  expect(logged().join()).not.toMatch(/secret/)
})

test('a page that was never there leaves the router its own, and says so', async () => {
  await set({ ERROR_PAGE_URL: url })
  expect(bench.router.app('shop')).not.toHaveProperty('errorPage')
  expect(logged()).toEqual([expect.stringMatching(/Hearth's own is shown/)])
})

test('a page outlives the agent, and is there with the first table', async () => {
  bench.pages.there.set(url, 'kept')
  await set({ ERROR_PAGE_URL: url })
  bench.pages.there.delete(url)
  await bench.restart()
  expect(bench.router.app('shop')).toMatchObject({ errorPage: 'kept' })
  expect(JSON.stringify([...bench.pages.kept])).not.toMatch(/secret/)
})

test('the pages of an app go with it', async () => {
  bench.pages.there.set(url, 'page')
  await set({ ERROR_PAGE_URL: url })
  expect(bench.pages.kept.size).toBe(1)
  await bench.call('destroyApp', { parameters, body: undefined })
  await settle()
  expect(bench.pages.kept.size).toBe(0)
})
