import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { download } from '../../../agent/exec/download.ts'
import { eventually } from '../../servers/eventually.ts'

let server: http.Server
let base: string
let answer: http.RequestListener
const never = { signal: new AbortController().signal, allowsOwnAddresses: true }

beforeEach(async () => {
  server = http.createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Command lines of this process's children. */
const children = (): string =>
  execFileSync('ps', ['--ppid', `${process.pid}`, '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => / download$/.test(line))
    .join('\n')

it('hands over status and body as they were sent, bytes of all kinds', async () => {
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256))
  answer = (request, response) => response.writeHead(request.headers['x-asked'] === 'yes' ? 200 : 400).end(sent)
  const { status, body } = await download(`${base}/file`, { ...never, headers: { 'x-asked': 'yes' } })
  expect(status).toBe(200)
  expect((await buffer(body)).equals(sent)).toBe(true)
})

it('hands over what is no success too', async () => {
  answer = (_, response) => response.writeHead(404).end('not here')
  const { status, body } = await download(base, never)
  expect([status, await text(body)]).toEqual([404, 'not here'])
})

it('says why nobody answers', async () => {
  server.close()
  await expect(download(base, never)).rejects.toThrow(/ECONNREFUSED/)
  await expect(download('http://no-such-host.invalid/', never)).rejects.toThrow(/no-such-host\.invalid/)
})

it('fails when the connection breaks before the last byte', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('half')
    setImmediate(() => response.destroy())
  }
  const { body } = await download(base, never)
  await expect(text(body)).rejects.toThrow(/before its last byte/)
})

it('shows no address in the list of processes, and leaves no process behind when it is cancelled', async () => {
  answer = (_, response) => response.writeHead(200).write('x')
  const cancel = new AbortController()
  const { body } = await download(`${base}/?token=geheim`, { ...never, signal: cancel.signal })
  expect(children()).toMatch(/ download$/)
  expect(children()).not.toContain('geheim')
  cancel.abort()
  await expect(text(body)).rejects.toThrow(/abort/i)
  await eventually(() => children() === '', 20_000, 'a download is still running')
})

it('logs in where the address says how', async () => {
  answer = ({ headers }, response) => response.end(Buffer.from(`${headers.authorization}`.slice(6), 'base64'))
  const { body } = await download(base.replace('//', '//ann:s%40fe@'), never)
  expect(await text(body)).toBe('ann:s@fe')
})

it('ends when nobody wants its body', async () => {
  answer = (_, response) => response.writeHead(404).flushHeaders()
  const { status, end } = await download(base, never)
  expect(status).toBe(404)
  end()
  await eventually(() => children() === '', 20_000, 'a download is still running')
})

it('ends when its reader has seen enough', async () => {
  answer = (_, response) => {
    response.writeHead(200)
    const more = () => response.write(Buffer.alloc(65_536)) && setImmediate(more)
    response.on('drain', more)
    more()
  }
  const { body } = await download(base, never)
  for await (const _ of body) break
  await eventually(() => children() === '', 20_000, 'a download is still running')
})
