import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openHttpWebhooks } from '../../../agent/webhooks/http-webhooks.ts'

let server: ReturnType<typeof createServer>
let url: string
let got: { body: string; headers: IncomingHttpHeaders }[]

beforeEach(async () => {
  got = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece))
    request.on('end', () => {
      got.push({ body, headers: request.headers })
      response.writeHead(302, { location: `${url}elsewhere` }).end('moved')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => void server.close())

const { signal } = new AbortController()
const request = () => ({ url, body: '{"ö":1}', headers: { 'content-type': 'application/json' } })

it('sends a body as it is, and follows no redirection', async () => {
  expect(await openHttpWebhooks({ allowsOwnAddresses: true })(request(), signal)).toBe(302)
  expect(got).toMatchObject([{ body: '{"ö":1}', headers: { 'content-length': '8' } }])
})

it('does not reach what listens on the server itself in its name', async () => {
  const send = openHttpWebhooks({ allowsOwnAddresses: false })
  await expect(send(request(), signal)).rejects.toMatchObject({ code: 'EACCES' })
  await expect(send({ ...request(), url: url.replace('127.0.0.1', 'localhost') }, signal)).rejects.toMatchObject({
    code: 'EACCES',
  })
  expect(got).toEqual([])
})
