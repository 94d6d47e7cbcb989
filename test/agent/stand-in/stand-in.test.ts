import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import http2 from 'node:http2'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSubstitute } from '../../../agent/api/substitute.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { openStandIn } from '../../../agent/stand-in/stand-in.ts'
import { root } from '../../tooling/repository.ts'
import { until } from '../../tooling/until.ts'

let folder: string
let socketPath: string
let agent: http2.Http2Server
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-stand-in-'))
  socketPath = path.join(folder, 'agent.sock')
  agent = http2.createServer((_, response) => response.end('the agent'))
  await new Promise<void>((resolve) => agent.listen(socketPath, resolve))
})
afterEach(async () => {
  await new Promise((resolve) => agent.close(resolve))
  await rm(folder, { recursive: true })
})

/** Asks until somebody answers something with this in it, and prints that. */
const client = `
import http2 from 'node:http2'
import net from 'node:net'
const [socketPath, wanted] = process.argv.slice(-2)
function ask() {
  const session = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
  session.on('error', () => {})
  const stream = session.request({ ':path': '/server' })
  const timer = setTimeout(() => session.destroy(), 500)
  let head, body = ''
  stream.on('error', () => {}).on('response', (headers) => (head = headers[':status'])).on('data', (bytes) => (body += bytes))
  stream.on('close', () => {
    clearTimeout(timer)
    session.destroy()
    if (!body.includes(wanted)) return setTimeout(ask, 20)
    console.log(head, body)
  })
}
ask()`
const askUntil = (wanted: string) =>
  execFileSync(process.execPath, ['--input-type=module', '-e', client, socketPath, wanted], {
    encoding: 'utf8',
    timeout: 60_000,
  }).trim()

test('while the agent waits for a disk that hangs, whoever connects is told so, and finds the agent again afterwards', async () => {
  // Whoever opens a pipe for writing waits until somebody reads it, as for a disk that hangs.
  const disk = path.join(folder, '.disk-check')
  execFileSync('mkfifo', [disk])
  const problems: string[] = []
  const standIn = openStandIn(
    path.join(root, 'agent/main.ts'),
    { socketPath, socketMode: 0o600, folder, silentMs: 500 },
    (problem, cause) => problems.push(`${problem}: ${cause}`),
  )
  // This thread, the agent's, waits here and does nothing else.
  const answer = askUntil('disk_failed')
  expect(answer).toMatch(
    /^507 \{"id":"disk_failed","message":"The server's disk does not answer, and the agent has waited for it for \d+ seconds/,
  )
  const goneOn = readFile(disk)
  await until(async () => expect(await ask()).toBe('the agent'))
  await goneOn
  await standIn.close()
  expect(problems).toEqual([])
})

test('a substitute at the door answers with its reason, has the same mode, and leaves nothing behind', async () => {
  const explain = () => new HearthError('disk_failed', 'The disk hangs.')
  const substitute = await openSubstitute({ socketPath, socketMode: 0o620, explain })
  expect(await ask()).toBe(JSON.stringify({ id: 'disk_failed', message: 'The disk hangs.' }))
  expect((await stat(socketPath)).mode & 0o777).toBe(0o620)
  await substitute.close()
  expect(await ask()).toBe('the agent')
  await expect(stat(`${socketPath}.substitute`)).rejects.toThrow('ENOENT')
  await expect(stat(`${socketPath}.replaced`)).rejects.toThrow('ENOENT')
})

function ask(): Promise<string> {
  const session = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  session.on('error', reject)
  let body = ''
  const stream = session.request({ ':path': '/server' })
  stream.on('error', reject).on('data', (bytes) => {
    body += bytes
  })
  stream.on('end', () => resolve(body)).on('close', () => session.destroy())
  return promise
}
