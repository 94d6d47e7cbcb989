import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { openDownload } from '../../../agent/exec/open-download.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const options = { signal: new AbortController().signal, allowsOwnAddresses: true }

it('follows redirections, also to another host, and gives the answer as it is', async () => {
  const there = await serve((_, response) => response.writeHead(404).end('nothing'))
  const here = await serve((request, response) => {
    if (request.url === '/archive') response.writeHead(302, { location: '/moved' }).end()
    else if (request.url === '/moved') response.writeHead(302, { location: `${there}/x` }).end()
    else response.end('a tar')
  })
  expect(await text(await openDownload(`${here}/plain`, options))).toBe('a tar')
  const response = await openDownload(`${here}/archive`, options)
  expect([response.statusCode, await text(response)]).toEqual([404, 'nothing'])
})

it('does not go round in circles, nor to files', async () => {
  const url = await serve((request, response) => {
    response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : '/again' }).end()
  })
  await expect(openDownload(`${url}/again`, options)).rejects.toThrow('more than 5 redirections')
  await expect(openDownload(`${url}/file`, options)).rejects.toThrow('a redirection to file:')
})

it('reaches nothing of the server itself where that is not wanted, whatever leads there', async () => {
  let asked = 0
  const url = await serve((_, response) => response.end(String(asked++)))
  const { port } = new URL(url)
  const guarded = { ...options, allowsOwnAddresses: false }
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:7f00:1]', '0x7f.1', '2130706433']) {
    await expect(openDownload(`http://${host}:${port}/`, guarded), host).rejects.toThrow('the server itself')
  }
  expect(asked).toBe(0)
})

it('ends when it is aborted', async () => {
  const url = await serve(() => {})
  await expect(openDownload(url, { ...options, signal: AbortSignal.timeout(50) })).rejects.toThrow()
})
