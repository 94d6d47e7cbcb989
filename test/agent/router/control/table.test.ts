// The routing table as it changes: only what changed travels, and whoever missed something gets all of it.
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RoutedApp, RoutingChange } from '../../../../agent/core/ports/routing/router-control.ts'
import { renderTable } from '../../../../agent/router/control/table-file.ts'
import { Routes } from '../../../../agent/router/dynos/routes.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

const app = (id: string, ...hostnames: string[]): RoutedApp => ({
  id,
  name: id,
  hostnames,
  maintenance: false,
  state: 'stopped',
  dynos: [],
})

const change = (routes: Routes, part: Partial<RoutingChange>): void =>
  routes.change({ base: routes.revision, revision: routes.revision + 1, apps: [], removed: [], ...part })

test('a change renames, adds and removes, and leaves the others alone', () => {
  const routes = new Routes()
  routes.apply({ revision: 1, apps: [app('a', 'a.test', 'old.test'), app('b', 'b.test')] })
  const b = routes.find('b.test')
  change(routes, { apps: [app('a', 'a.test', 'NEW.test.'), app('c', 'c.test')] })
  expect(routes.find('old.test')).toBeUndefined()
  expect(routes.find('new.test')?.app.id).toBe('a')
  expect(routes.find('c.test')?.app.id).toBe('c')
  expect(routes.find('b.test')).toBe(b)
  change(routes, { removed: ['b'] })
  expect(routes.find('b.test')).toBeUndefined()
  expect([...routes.routedApps()].map(({ id }) => id)).toEqual(['a', 'c'])
})

test('of two apps with one host name the first keeps it, and the second gets it when the first lets go', () => {
  const routes = new Routes()
  routes.apply({ revision: 1, apps: [app('a', 'both.test'), app('b', 'both.test')] })
  expect(routes.find('both.test')?.app.id).toBe('a')
  change(routes, { apps: [app('a', 'a.test')] })
  expect(routes.find('both.test')?.app.id).toBe('b')
  change(routes, { apps: [app('a', 'both.test')], removed: ['b'] })
  expect(routes.find('both.test')?.app.id).toBe('a')
})

test('a wildcard is for what is nobody’s by itself, at any depth, the closest first', () => {
  const routes = new Routes()
  routes.apply({ revision: 1, apps: [app('all', '*.test.example'), app('own', 'www.test.example')] })
  change(routes, { apps: [app('inner', '*.in.test.example')] })
  const find = (hostname: string) => routes.find(hostname)?.app.id
  expect(find('www.test.example')).toBe('own')
  expect(find('anybody.test.example')).toBe('all')
  expect(find('a.b.test.example')).toBe('all')
  expect(find('a.in.test.example')).toBe('inner')
  expect(find('in.test.example')).toBe('all')
  expect(find('test.example')).toBeUndefined()
  expect(find('example')).toBeUndefined()
  change(routes, { removed: ['own', 'inner'] })
  expect(find('www.test.example')).toBe('all')
  expect(find('a.in.test.example')).toBe('all')
})

test('the saved table is the one in use', () => {
  const routes = new Routes()
  routes.apply({ revision: 1, apps: [app('a', 'a.test'), app('b', 'b.test')] })
  change(routes, { apps: [app('b', 'c.test')] })
  const saved = JSON.parse(renderTable(routes.revision, routes.routedApps()))
  expect(saved).toEqual({ revision: 2, apps: [app('a', 'a.test'), app('b', 'c.test')] })
})

let routed: Routed
beforeEach(async () => {
  routed = await openRouted()
})
afterEach(() => routed.close())

/** What the router was told since the test began, by method. */
const patch = (body: unknown): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request({ socketPath: routed.controlPath, method: 'PATCH', path: '/routes' }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    call.on('error', reject).end(JSON.stringify(body))
  })

test('a change of another table than the one in use is refused', async () => {
  await routed.route()
  expect(await patch({ base: 99, revision: 100, apps: [], removed: [] })).toBe(409)
  expect(await patch({ base: 1, revision: 2, apps: [], removed: ['app-0'] })).toBe(200)
  expect(await patch({ base: 2, revision: 3, apps: [{ id: 1 }], removed: [] })).toBe(400)
  expect((await routed.control.status()).revision).toBe(2)
})

test('somebody else changed the table: the next one arrives whole', async () => {
  const dyno = await routed.httpDyno((_request, response) => response.end('whole'))
  await routed.route({})
  await patch({ base: 1, revision: 2, apps: [], removed: ['app-0'] })
  const apps = [{ ...app('x', 'x.test'), state: 'up' as const, dynos: [dyno] }]
  await routed.control.apply({ revision: 10, apps })
  expect(await routed.ask(get('/', 'x.test'))).toMatch(/whole$/)
  // And from here on changes are enough, unless the router starts anew.
  await routed.control.apply({ revision: 11, apps: [...apps, app('y', 'y.test')] })
  await routed.restart()
  await eventually(async () => (await routed.control.status().catch(() => null))?.apps.length === 2)
})
