import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bucketOf } from '../../../../agent/core/metrics/histogram.ts'
import { openRouterControl } from '../../../../agent/router/control/control-client.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted()
})
afterEach(() => routed.close())

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

test('requests are counted by class of status and by time, until they are taken', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    setTimeout(() => response.end(), request.url === '/500' ? 50 : 0)
  })
  await routed.route({ dynos: [dyno] }, { state: 'crashed' })
  for (const path of ['/200', '/200', '/304', '/404', '/500']) await routed.ask(get(path))
  await routed.ask(get('/', 'blog1.test'))
  await eventually(() => routed.log.length === 6)
  const [first, crashed] = await routed.control.takeTraffic()
  expect(first).toMatchObject({ appId: 'app-0', statuses: [0, 2, 1, 1, 1] })
  expect(sum(first?.times ?? [])).toBe(5)
  expect(sum(first?.times.slice(bucketOf(45)) ?? [])).toBeGreaterThanOrEqual(1)
  // H10: what the router answers itself counts too.
  expect(crashed).toMatchObject({ appId: 'app-1', statuses: [0, 0, 0, 0, 1] })
  expect(await routed.control.takeTraffic()).toEqual([])
})

test('a router of before, which does not count, refuses instead of telling of none', async () => {
  const controlPath = `${routed.controlPath}.old`
  const old = createServer((_request, response) => response.writeHead(404).end('{"message": "no /traffic"}'))
  await new Promise<void>((resolve) => old.listen(controlPath, resolve))
  const control = openRouterControl({ controlPath, readsLog: false })
  await expect(control.takeTraffic()).rejects.toThrow('refused POST /traffic')
  await control.close()
  old.close()
})
