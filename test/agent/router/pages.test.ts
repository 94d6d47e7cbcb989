import { afterEach, beforeEach, expect, test } from 'vitest'
import { get, openRouted, type Routed } from './routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted()
})
afterEach(() => routed.close())

const pages = { errorPage: '<h1>Schön kaputt</h1>', maintenancePage: '<h1>Gleich zurück</h1>' }
const bodyOf = (answer: string) => Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString()

test("an app's own error page is sent with the error's own status, directly", async () => {
  await routed.route({ ...pages, state: 'crashed' })
  const answer = await routed.ask(get())
  expect(answer).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\ncontent-type: text\/html; charset=utf-8\r\n/)
  expect(answer).toMatch(new RegExp(`content-length: ${Buffer.byteLength(pages.errorPage)}\r\n`))
  expect(bodyOf(answer)).toBe(pages.errorPage)
})

test("in maintenance an app's own maintenance page is sent", async () => {
  await routed.route({ ...pages, maintenance: true })
  expect(bodyOf(await routed.ask(get()))).toBe(pages.maintenancePage)
})

test('who prefers JSON gets JSON all the same', async () => {
  await routed.route({ ...pages, maintenance: true })
  const answer = await routed.ask(get().replace('\r\n\r\n', '\r\nAccept: application/json\r\n\r\n'))
  expect(JSON.parse(bodyOf(answer))).toMatchObject({ id: 'maintenance', code: 'H80' })
})

test('what is the fault of the request is not answered with the page for faults of the app', async () => {
  await routed.route({ ...pages, state: 'stopped' })
  const answer = await routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\nExpect: tea\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 417 /)
  expect(answer).not.toMatch(/kaputt/)
})

test('pages are there again after a restart of the router', async () => {
  await routed.route({ ...pages, state: 'crashed' })
  await routed.control.close()
  await routed.restart()
  expect(bodyOf(await routed.ask(get()))).toBe(pages.errorPage)
})
