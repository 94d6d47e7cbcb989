import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http2 from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readToken } from '../../../../agent/access/token.ts'
import { EmbeddedServer } from '../../../../electron/core/embedded/embedded-server.ts'
import { mintEmbeddedToken } from '../../../../electron/core/embedded/embedded-token.ts'
import { isRunning, type ProcessIdentity } from '../../../../electron/core/embedded/process-lock.ts'
import { startProgram } from '../../../../electron/exec/program.ts'
import { until } from '../../../tooling/until.ts'

// Each starts an agent or three, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const ownerProgram = fileURLToPath(new URL('embedded-owner.ts', import.meta.url))
const stub = fileURLToPath(new URL('stub-agent.ts', import.meta.url))
let directory: string
let opened: EmbeddedServer[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hearth-embedded-'))
  opened = []
})
afterEach(async () => {
  for (const server of opened.reverse()) await server.close()
  await rm(directory, { recursive: true, force: true })
})

interface Choice {
  directory?: string
  bundle?: string
  onState?: (state: string) => void
  stopMs?: number
}

async function open(options: Choice = {}) {
  const home = options.directory ?? directory
  await mkdir(home, { recursive: true })
  const server = await EmbeddedServer.open({
    directory: home,
    nodeProgram: process.execPath,
    agentBundle: options.bundle ?? stub,
    startProgram,
    onState: ({ state }) => options.onState?.(state),
    timings: { firstBackOffMs: 20, startMs: 60_000, stopMs: options.stopMs ?? 60_000 },
  })
  opened.push(server)
  return server
}

async function ask(server: EmbeddedServer): Promise<{ pid: number; owner: { email: string }; name: string }> {
  const socket = await server.openSocket()
  const session = http2.connect('http://agent', { createConnection: () => socket })
  const request = session.request({ authorization: `Bearer ${await server.token()}` })
  const answer = JSON.parse(await text(request))
  session.destroy()
  return answer
}

/** What a desktop leaves that is killed: its agent, which has answered. */
async function leaveAgent(): Promise<ProcessIdentity> {
  const owner = spawn(process.execPath, [ownerProgram, directory, stub], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const said of owner.stdout) if (String(said).includes('running')) break
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  const left = JSON.parse(await readFile(join(directory, 'agent-process.json'), 'utf8')) as ProcessIdentity
  expect(await isRunning(left)).toBe(true)
  return left
}

describe('the embedded server', () => {
  test('starts the agent, waits for its first answer and logs in with a token of its own', async () => {
    const server = await open()
    const answer = await ask(server)
    expect(server.state).toEqual({ state: 'running' })
    expect(answer.name).toBe('This computer')
    expect(answer.owner.email).toMatch(/@this-computer$/)
    expect(await text(await server.openRouter())).toBe('router')
  })

  test('starts the agent again after it was killed, and says so in between', async () => {
    const states: string[] = []
    const server = await open({ onState: (state) => states.push(state) })
    const first = await ask(server)
    process.kill(first.pid, 'SIGKILL')
    await until(() => expect(states).toEqual(['starting', 'running', 'stopped', 'starting', 'running']))
    expect((await ask(server)).pid).not.toBe(first.pid)
  })

  test('tells why an agent cannot start, in its own last words', async () => {
    const broken = join(directory, 'broken')
    const server = await open({ directory: broken })
    await expect(server.openSocket()).rejects.toThrow(/ended with status 3: the state is broken/)
    await expect(server.openSocket()).rejects.toThrow(join(broken, 'agent.log'))
  })

  test('kills an agent that does not end in time', async () => {
    const server = await open({ directory: join(directory, 'stubborn'), stopMs: 100 })
    const { pid } = await ask(server)
    await server.close()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('a second desktop attaches to the running agent, and takes over when the first is closed', async () => {
    const first = await open()
    const { pid } = await ask(first)
    const second = await open()
    // Both are this process, which is alive: the lock is held.
    expect([first.isOwner, second.isOwner]).toEqual([true, false])
    expect((await ask(second)).pid).toBe(pid)
    await first.close()
    expect((await ask(second)).pid).not.toBe(pid)
    expect(second.isOwner).toBe(true)
  })

  test('a lock of a process that is gone does not keep anyone out', async () => {
    const gone = spawn('true')
    await once(gone, 'exit')
    await writeFile(join(directory, 'desktop.lock'), JSON.stringify({ pid: gone.pid, started: '1' }))
    expect((await open()).isOwner).toBe(true)
  })

  test('ends the agent that a killed desktop left behind before it starts its own', async () => {
    const first = await open()
    const { pid } = await ask(first)
    const left = await readFile(join(directory, 'agent-process.json'), 'utf8')
    await first.close()
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const stat = await until(() => readFile(`/proc/${orphan.pid}/stat`, 'utf8'))
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    expect(JSON.parse(left).pid).toBe(pid)
    await writeFile(join(directory, 'agent-process.json'), JSON.stringify({ pid: orphan.pid, started }))
    const ended = once(orphan, 'exit')
    await ask(await open())
    expect(await ended).toEqual([null, 'SIGTERM'])
  })

  test('goes on with the agent that a killed desktop left behind, and ends it with its own end', async () => {
    const left = await leaveAgent()
    const next = await open()
    expect((await ask(next)).pid).toBe(left.pid)
    expect([next.isOwner, next.state.state]).toEqual([true, 'running'])
    await next.close()
    expect(await isRunning(left)).toBe(false)
  })

  test('starts the agent again that a killed desktop left behind, when that one ends', async () => {
    const left = await leaveAgent()
    const next = await open()
    expect((await ask(next)).pid).toBe(left.pid)
    process.kill(left.pid, 'SIGKILL')
    const record = () => readFile(join(directory, 'agent-process.json'), 'utf8')
    await until(async () => expect(JSON.parse(await record()).pid).not.toBe(left.pid))
    expect((await ask(next)).pid).not.toBe(left.pid)
  })

  test('does not go on with an agent of another version', async () => {
    const left = await leaveAgent()
    const recordPath = join(directory, 'agent-process.json')
    const record = JSON.parse(await readFile(recordPath, 'utf8'))
    await writeFile(recordPath, JSON.stringify({ ...record, program: `${record.program}0` }))
    expect((await ask(await open())).pid).not.toBe(left.pid)
    expect(await isRunning(left)).toBe(false)
  })

  test('works in a folder whose path is too long for sockets', async () => {
    const server = await open({ directory: join(directory, 'l'.repeat(120)) })
    expect((await ask(server)).name).toBe('This computer')
  })
})

test('a token of the desktop is one that the agent reads', async () => {
  const key = new Uint8Array(32).fill(7)
  const path = join(directory, 'mint.key')
  await writeFile(path, `${Buffer.from(key).toString('base64')}\n`)
  const now = Date.now()
  const token = await mintEmbeddedToken(path, 'ada@this-computer', now)
  expect(readToken(key, token, now)).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
    email: 'ada@this-computer',
  })
  expect(readToken(key, token, now + 13 * 60 * 60 * 1000)).toBeNull()
  expect(readToken(new Uint8Array(32), token, now)).toBeNull()
})
