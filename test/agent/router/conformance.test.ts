// docs/router.md can't lie: what it says is compared with the code, and the tests that it names have to be there.
import { expect, test } from 'vitest'
import { routingCodes } from '../../../agent/core/routing/routing-codes.ts'
import { defaultTimeouts, limits } from '../../../agent/router/limits.ts'
import { DocumentedPage } from '../../tooling/documents/documented-page.ts'
import { get, openRouted } from './routed.ts'

const page = new DocumentedPage('docs/router.md', 'test/agent/router')

test('every code is documented as it is', () => {
  const documented = page.rowsOf('Codes').map(([code, desc, at, status]) => ({ code, desc, at, status }))
  const real = Object.values(routingCodes).map(({ code, desc, at, status }) => ({
    code,
    desc,
    at,
    status: String(status ?? '-'),
  }))
  expect(documented).toEqual(real)
})

test('every time and limit is documented as it is', () => {
  const documented = (heading: string) =>
    Object.fromEntries(page.rowsOf(heading).map(([name, value]) => [name, Number(value)]))
  expect(documented('Times')).toEqual(defaultTimeouts)
  expect(documented('Limits')).toEqual(limits)
})

test('every test that is named is there', () => {
  const references = ['Codes', 'Times', 'Limits', 'Headers'].flatMap((heading) =>
    page.rowsOf(heading).map((row) => row.at(-1) ?? ''),
  )
  expect(references.length).toBeGreaterThan(60)
  for (const reference of references) page.expectTest(reference)
  for (const [, reference = ''] of page.text.replaceAll(/\s+/g, ' ').matchAll(/\((`[a-z0-9-]+`: [^)]+?)\.\)/g))
    page.expectTest(reference.replaceAll('`', ''))
})

test('a test that is not there is noticed', () => {
  expect(() => page.expectTest('errors: and is fine says H10')).toThrow()
  expect(() => page.expectTest('nowhere: and is crashed says H10')).toThrow()
})

test('a response has no headers that its dyno did not set but Via', async () => {
  const routed = await openRouted()
  try {
    const dyno = await routed.rawDyno((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nX-Mine: 1\r\nContent-Length: 2\r\n\r\nok')),
    )
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toBe(
      'HTTP/1.1 200 OK\r\nX-Mine: 1\r\nContent-Length: 2\r\nVia: 1.1 hearth-router\r\nConnection: close\r\n\r\nok',
    )
  } finally {
    await routed.close()
  }
})
