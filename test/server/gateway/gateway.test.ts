import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeEnvironment } from '../../../electron/exec/spawn.ts'
import { renderClientEnvironment } from '../../agent/git/git-client.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { openRendezvous, startSsh, startSshOnTerminal } from './terminal-client.ts'

const app = 'shop'
let hearth: HearthServer
let port: number
let ca: Buffer
beforeAll(async () => {
  hearth = await bootHearthServer()
  const { desktop } = hearth
  await desktop.deploy(app, fixture('node-hello'))
  port = desktop.core.client.portOf(desktop.serverId)
  ca = await readFile(path.join(desktop.home, 'client/authority.pem'))
})
afterAll(() => hearth?.[Symbol.asyncDispose]())

interface Asked {
  status: number
  body: string
  tookMs: number
}

function ask(method: string, target: string, body?: unknown, headers: Record<string, string> = {}): Promise<Asked> {
  const authorization = `Bearer ${hearth.desktop.core.apiToken.text}`
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path: target,
      agent: false,
      headers: { authorization, ...headers },
    }
    const request = http.request(options, async (response) => {
      try {
        resolve({ status: response.statusCode ?? 0, body: await text(response), tookMs: performance.now() - began })
      } catch (error) {
        reject(error)
      }
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function run(command: string, more: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await ask('POST', `/apps/${app}/dynos`, { attach: true, command, ...more }, headers)
  if (status !== 201) throw new Error(body)
  return (JSON.parse(body) as { attach_url: string }).attach_url
}

describe('the API', () => {
  test("is the server's, under this desktop's name", async () => {
    const { status, body } = await ask('GET', '/account')
    expect(status).toBe(200)
    expect(JSON.parse(body).email).toContain('@')
    expect(JSON.parse((await ask('GET', '/apps')).body).map(({ name }: { name: string }) => name)).toContain(app)
  })

  test('takes a source of 200 MB without keeping it in memory', async () => {
    const { body } = await ask('POST', `/apps/${app}/sources`)
    const { put_url } = (JSON.parse(body) as { source_blob: { put_url: string } }).source_blob
    const before = process.memoryUsage().rss
    const piece = randomBytes(1 << 20)
    let highest = 0
    async function* pieces() {
      for (let at = 0; at < 200; at += 1) {
        highest = Math.max(highest, process.memoryUsage().rss)
        yield piece
      }
    }
    const headers = { 'content-length': String(200 << 20) }
    const request = http.request(put_url, { method: 'PUT', headers, agent: false })
    const answered = new Promise<number>((resolve, reject) => {
      request.on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      request.on('error', reject)
    })
    await pipeline(Readable.from(pieces()), request)
    expect(await answered).toBe(200)
    expect(highest - before).toBeLessThan(120 << 20)
  })

  test('says at once that the server is away, and is back when it is', async () => {
    await hearth.server.cut()
    const { core, serverId } = hearth.desktop
    await eventually(() => core.servers.get(serverId).connection.state === 'offline', 40_000, 'still online')
    const away = await ask('GET', '/apps')
    expect([away.status, JSON.parse(away.body).id]).toEqual([503, 'unavailable'])
    expect(JSON.parse(away.body).message).toContain(hearth.server.name)
    expect(away.tookMs).toBeLessThan(1_000)
    await hearth.server.restore()
    const isBack = async () => (await ask('GET', '/apps')).status === 200
    await eventually(isBack, 60_000, 'the gateway does not find the server again')
  })
})

describe("a terminal by the system's ssh", () => {
  test('carries 50 MB both ways unchanged, and the exit code', async () => {
    const sent = randomBytes(50 << 20)
    const { child, exit } = await startSsh(await run('cat; exit 7'))
    child.stdin?.end(sent)
    const received = await buffer(child.stdout as Readable)
    expect(received.length).toBe(sent.length)
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(digest(received)).toBe(digest(sent))
    expect(await exit).toBe(7)
  })

  test('is a terminal where the client has one, and follows its window', async () => {
    const terminal = await startSshOnTerminal(await run('bash'), { columns: 101, rows: 33 })
    const shows = (what: string) => eventually(() => terminal.screen.text.includes(what), 20_000, terminal.screen.text)
    terminal.stream.write('stty size; tty\n')
    await shows('33 101')
    terminal.resize({ columns: 140, rows: 50 })
    const resized = async () => {
      terminal.stream.write('stty size\n')
      return terminal.screen.text.includes('50 140')
    }
    await eventually(resized, 20_000, 'the window was not followed')
    terminal.stream.write('echo sle""eping; sleep 100\n')
    await shows('sleeping')
    terminal.stream.write('\u0003')
    // An interrupt throws away what was typed before the shell is back.
    await eventually(() => /\^C[\s\S]*\$ $/.test(terminal.screen.text), 20_000, 'the shell does not come back')
    terminal.stream.write('echo st""ill here; exit 3\n')
    await shows('still here')
    expect(await terminal.exit).toBe(3)
  })

  test('stops the dyno when the client goes', async () => {
    const { child, exit } = await startSsh(await run('echo started; sleep 1000'))
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    child.kill('SIGKILL')
    await exit
    const runs = async () => {
      const dynos = JSON.parse((await ask('GET', `/apps/${app}/dynos`)).body) as { type: string }[]
      return dynos.every(({ type }) => type !== 'run')
    }
    await eventually(runs, 30_000, 'the dyno goes on')
  })
})

test('a terminal by rendezvous takes input at once, its end, and tells the exit code', async () => {
  const command = 'tr a-z A-Z; exit 6 ; echo "\uffff heroku-command-exit-status: $?"'
  const url = await run(command, { force_no_tty: true }, { 'hearth-attach': 'rendezvous' })
  const { socket, pieces } = await openRendezvous(url, ca)
  socket.write('typed before the banner\n')
  socket.write('\u0004')
  await new Promise((resolve) => socket.once('close', resolve))
  expect(pieces[0]).toBe('rendezvous\r\n')
  expect(pieces.slice(1).join('')).toBe('TYPED BEFORE THE BANNER\n\uffff heroku-command-exit-status: 6\n')
})

describe('git', () => {
  /** With the settings that Hearth wrote for its terminals, and nothing of this machine's user. */
  async function git(folder: string, environment: Record<string, string>, ...parameters: string[]): Promise<string> {
    return new Promise((resolve) => {
      execFile('git', parameters, { cwd: folder, env: environment }, (error, stdout, stderr) =>
        resolve(`${stdout}${stderr}${error ? `[status ${error.code}]` : ''}`),
      )
    })
  }

  async function makeFolder(name: string): Promise<{ folder: string; environment: Record<string, string> }> {
    const folder = path.join(hearth.desktop.home, 'folders', name)
    mkdirSync(folder, { recursive: true })
    cpSync(fixture('node-hello'), folder, { recursive: true })
    const environment = renderClientEnvironment(hearth.desktop.home)
    for (const parameters of [
      ['init', '--quiet', '--initial-branch=main', '.'],
      ['add', '--all'],
      ['commit', '--quiet', '-m', 'x'],
    ])
      await git(folder, environment, ...parameters)
    return { folder, environment }
  }

  test('pushes and clones over HTTPS in a terminal of ours', async () => {
    const { desktop } = hearth
    const { folder, environment } = await makeFolder('https')
    const prepared = await desktop.core.client.prepare(desktop.serverId, null, environment)
    const inside = changeEnvironment(environment, prepared.environment)
    await desktop.calls['apps.create']({ serverId: desktop.serverId, name: 'pushed' })
    await git(folder, inside, 'remote', 'add', 'heroku', `https://127.0.0.1:${port}/pushed.git`)
    const pushed = await git(folder, inside, 'push', 'heroku', 'main')
    expect(pushed).toContain('remote: -----> Node.js app detected')
    expect(pushed).toMatch(/remote: +Released v2/)
    expect(await git(folder, inside, 'clone', '--quiet', `https://127.0.0.1:${port}/pushed.git`, 'again')).toBe('')
    expect(await git(folder, inside, 'push', `https://127.0.0.1:${port}/nowhere.git`, 'main')).toContain(
      "remote: Couldn't find that app",
    )
  })

  test.each(['https', 'ssh'] as const)('pushes by a remote that was added at a click (%s)', async (form) => {
    const { desktop } = hearth
    const { folder, environment } = await makeFolder(`click-${form}`)
    const name = `click-${form}`
    await desktop.calls['apps.create']({ serverId: desktop.serverId, name })
    const request = { serverId: desktop.serverId, app: name, folder, name: 'hearth', form }
    const added = await desktop.calls['git.addRemote'](request)
    expect(await git(folder, environment, 'push', 'hearth', 'main')).toMatch(/remote: +Released v2/)
    await desktop.calls['git.undoRemote']({ id: added.id })
    expect(await git(folder, environment, 'remote')).toBe('')
  })
})
