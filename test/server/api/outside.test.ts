import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packFiles } from '../../contract/source-of.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { agentOf, readLog } from '../security/run-in-app.ts'

// What crosses a server's border by its API: slugs that were made elsewhere, logs that go to drains, sources behind URLs.

const app = 'outside'
const node = '/usr/lib/hearth/current/node'
const secretPort = 5432
let hearth: HearthServer
let destination: http.Server
const received: string[] = []

beforeAll(async () => {
  hearth = await bootHearthServer()
  // Something of the server's own, which writes down that somebody spoke to it.
  const listen = `require('http').createServer((q, s) => { require('fs').appendFileSync('/root/asked', q.url); s.end() })
    .listen(${secretPort}, '127.0.0.1')`
  await hearth.server.exec(['systemd-run', node, '-e', listen])
  const ask = [node, '-e', `fetch('http://localhost:${secretPort}/by-the-server').catch(() => {})`]
  const isAsked = async () => {
    await hearth.server.exec(ask)
    return (await spokenTo()) !== ''
  }
  await eventually(isAsked, 30_000, 'the server’s own service does not listen')
  await onServer('rm /root/asked')
  destination = http.createServer(async (request, response) => {
    received.push(await text(request))
    response.end()
  })
  await new Promise<void>((resolve) => destination.listen(0, resolve))
  await agentOf(hearth.desktop).call('createApp', {}, { name: app })
}, 400_000)
afterAll(async () => {
  destination?.close()
  await hearth?.[Symbol.asyncDispose]()
})

const agent = () => agentOf(hearth.desktop)
const spokenTo = () => onServer('cat /root/asked 2>/dev/null || true')
const onServer = async (script: string) => (await hearth.server.exec(['sh', '-c', script])).stdout.trim()
const run = (command: string) => agent().call('createDyno', { app }, { command })
const logged = (pattern: RegExp) =>
  eventually(async () => pattern.test(await readLog(hearth.desktop, app)), 60_000, `${pattern} is not in the log`)

/** As a client puts it: the path is the permission. */
async function put(path: string, bytes: Buffer): Promise<void> {
  const script = `const client = require('http2').connect('http://agent', {
      createConnection: () => require('net').connect('/run/hearth/agent.sock') })
    const stream = client.request({ ':method': 'PUT', ':path': process.argv[1] })
    stream.on('response', (head) => { console.log(head[':status']); client.close() })
    stream.end(Buffer.from(process.argv[2], 'base64'))`
  const { stdout } = await hearth.server.exec([node, '-e', script, path, bytes.toString('base64')])
  expect(stdout.trim()).toBe('200')
}

describe('a slug that was made elsewhere', () => {
  test('runs as its app, which may change its own files and nothing else', async () => {
    const slug = await agent().call('createSlug', { app }, { process_types: { worker: 'sleep 600' } })
    await put(slug.blob.url, await packFiles({ 'app/said.txt': 'said elsewhere', 'app/Procfile': 'worker: sleep 600' }))
    await agent().call('createRelease', { app }, { slug: slug.id })
    await eventually(
      async () => (await agent().call('listReleases', { app })).at(-1)?.status === 'succeeded',
      60_000,
      'it is not released',
    )
    await run('cat said.txt; echo "user $(id -u) owns $(stat -c %u said.txt)"; echo x >> said.txt && echo changed')
    await logged(/app\[run\.\d+\]: changed/)
    const log = await readLog(hearth.desktop, app)
    expect(log).toContain('said elsewhere')
    const [, user, owner] = /user (\d+) owns (\d+)/.exec(log) ?? []
    expect(Number(user)).toBeGreaterThan(1000)
    expect(owner).toBe(user)
  })
})

describe('a drain', () => {
  const port = () => (destination.address() as AddressInfo).port

  test('gets the app’s lines on the local network', async () => {
    const url = `http://${hearth.server.host.replace(/\d+$/, '1')}:${port()}/logs`
    const drain = await agent().call('createLogDrain', { app }, { url })
    await run('echo said to the drain')
    await eventually(() => /app run\.\d+ - said to the drain\n/.test(received.join('')), 60_000, 'nothing came')
    await agent().call('destroyLogDrain', { app, drain: drain.id })
  })

  test('does not speak to what only the server itself reaches, by address or by name', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await agent().call('createLogDrain', { app }, { url: `http://${host}:${secretPort}/drained` })
    }
    await run('echo said to the server')
    await eventually(
      async () => ((await readLog(hearth.desktop, app)).match(/Error L13/g) ?? []).length >= 3,
      60_000,
      'the drains do not complain',
    )
    expect(await spokenTo()).toBe('')
  })

  test('goes on after the agent started anew, and its password is not readable in the state', async () => {
    const password = 'hunter2hunter2'
    const url = `http://me:${password}@${hearth.server.host.replace(/\d+$/, '1')}:${port()}/again`
    await agent().call('createLogDrain', { app }, { url })
    await onServer('systemctl restart hearth-agent')
    await hearth.desktop.whenAnswering()
    await run('echo said after the restart')
    await eventually(() => received.join('').includes('said after the restart'), 60_000, 'nothing came')
    expect(await onServer(`grep -rl ${password} /var/lib/hearth /run/hearth 2>/dev/null || true`)).toBe('')
    expect(await onServer(`journalctl --no-pager | grep -c ${password} || true`)).toBe('0')
  })
})

describe('the URL of a source', () => {
  test('leads to nothing that only the server itself reaches', async () => {
    const url = `http://localhost:${secretPort}/source.tgz`
    const build = await agent().call('createBuild', { app }, { source_blob: { url } })
    let output = ''
    for await (const bytes of agent().readStream(build.output_stream_url)) output += Buffer.from(bytes)
    expect(output).toMatch(/could not be downloaded.*an address of the server itself/)
    expect(await spokenTo()).toBe('')
  })
})
