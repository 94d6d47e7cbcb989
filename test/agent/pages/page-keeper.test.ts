import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPageKeeper } from '../../../agent/pages/page-keeper.ts'

let folder: string
const servers: Server[] = []
const { signal } = new AbortController()
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pages-')), 'pages')
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(join(folder, '..'), { recursive: true })
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html?key=secret`
}

const open = (allowsOwnAddresses = true) => openPageKeeper({ folder, allowsOwnAddresses })

test('a page is fetched as it is, and kept over a restart', async () => {
  const url = await serve((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<h1>Schön kaputt</h1>')
  })
  const html = await open().fetch(url, signal)
  expect(html).toBe('<h1>Schön kaputt</h1>')
  await open().load()
  await open().save('app-1', { error: { urlDigest: 'd', html } })
  expect(statSync(join(folder, 'app-1.json')).mode & 0o077).toBe(0)
  expect([...(await open().load())]).toEqual([['app-1', { error: { urlDigest: 'd', html } }]])
  await open().save('app-1', {})
  expect(readdirSync(folder)).toEqual([])
})

const unusable: [what: string, listener: RequestListener, why: RegExp][] = [
  ['that is not there', (_request, response) => response.writeHead(404).end(), /status 404/],
  [
    'that is no HTML',
    (_request, response) => response.setHeader('content-type', 'image/png').end('x'),
    /no HTML but image\/png/,
  ],
  [
    'that is too large',
    (_request, response) => response.setHeader('content-type', 'text/html').end('x'.repeat(300_000)),
    /larger than 256 KiB/,
  ],
]
for (const [what, listener, why] of unusable) {
  test(`a page ${what} is refused without a word about its URL`, async () => {
    const error = await open()
      .fetch(await serve(listener), signal)
      .then(
        () => null,
        (cause: Error) => cause,
      )
    expect(error?.message).toMatch(why)
    expect(error?.message).not.toMatch(/secret/)
  })
}

test('what is no URL of the web is refused', async () => {
  await expect(open().fetch('file:///etc/passwd', signal)).rejects.toThrow(/no http or https URL/)
  await expect(open().fetch('http://', signal)).rejects.toThrow(/no http or https URL/)
})

test("a server's own addresses are not fetched for its apps", async () => {
  const url = await serve((_request, response) => response.setHeader('content-type', 'text/html').end('internal'))
  await expect(open(false).fetch(url, signal)).rejects.toThrow(/address of the server itself/)
  await expect(open(false).fetch(url.replace('127.0.0.1', 'localhost'), signal)).rejects.toThrow(
    /address of the server itself/,
  )
})
