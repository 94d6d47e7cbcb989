import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import http2 from 'node:http2'
import net from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openAgent } from '../../../electron/agent-client/open-agent.ts'
import type { SshConnector, SshTarget, Transport } from '../../../electron/core/ports/transport.ts'
import { HostKeyError } from '../../../electron/core/ports/transport.ts'
import { Ssh2Connector } from '../../../electron/ssh/ssh2-connector.ts'
import { SystemConnector } from '../../../electron/ssh/system-connector.ts'
import { makeKey, startSshd, type ThrowAwaySshd } from './sshd.ts'

const adapters: [string, (readyTimeoutMs: number) => SshConnector][] = [
  ['ssh2', (readyTimeoutMs) => new Ssh2Connector({ agentSocket: null, readyTimeoutMs, keepaliveMs: 300 })],
  ['the system ssh', (readyTimeoutMs) => new SystemConnector({ readyTimeoutMs, keepaliveSeconds: 1 })],
]

let sshd: ThrowAwaySshd
const open: Transport[] = []
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd.close())
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close()
})

describe.each(adapters)('%s', (_, makeConnector) => {
  const connect = async (target: SshTarget = sshd.target, patienceMs = 15_000) => {
    const transport = await makeConnector(patienceMs).connect(target)
    open.push(transport)
    return transport
  }

  test('runs a command and tells its output, errors and status', async () => {
    const transport = await connect()
    const command = ['sh', '-c', 'echo "$1"; echo bad >&2; exit 3', 'sh', `it's "$HOME" \`x\`\n— ü`]
    expect(await transport.exec(command)).toEqual({
      status: 3,
      stdout: `it's "$HOME" \`x\`\n— ü\n`,
      stderr: 'bad\n',
    })
    // What the system's ssh ends with itself when the connection is lost.
    expect((await transport.exec(['sh', '-c', 'exit 255'])).status).toBe(255)
  })

  test('feeds a command its input, however large', async () => {
    const transport = await connect()
    const bytes = randomBytes(3_000_000)
    const { stdout } = await transport.exec(['sha256sum'], { input: Readable.from([bytes]) })
    expect(stdout).toContain(createHash('sha256').update(bytes).digest('hex'))
    expect((await transport.exec(['true'], { input: Readable.from([bytes]) })).status).toBe(0)
  })

  test('reports output as it comes', async () => {
    const transport = await connect()
    const pieces: string[] = []
    const onOutput = (bytes: Uint8Array) => pieces.push(Buffer.from(bytes).toString())
    await transport.exec(['sh', '-c', 'echo one; sleep 0.2; echo two'], { onOutput })
    expect(pieces).toEqual(['one\n', 'two\n'])
  })

  test('gives a command a terminal of the wanted size', async () => {
    const transport = await connect()
    const { stdout } = await transport.exec(['sh', '-c', 'stty size'], { pty: { columns: 111, rows: 33 } })
    expect(stdout.trim()).toBe('33 111')
  })

  test('stops a command when it is cancelled', async () => {
    const transport = await connect()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    await expect(transport.exec(['sleep', '60'], { signal: stop.signal })).rejects.toMatchObject({ id: 'gone' })
  })

  test('speaks to the agent over its socket, many requests at once', async () => {
    const server = http2.createServer()
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200 })
      stream.end('[]')
    })
    const path = join(sshd.folder, `agent-${Math.random()}.sock`)
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const transport = await connect()
    const agent = await openAgent({ socket: await transport.openSocket(path), token: async () => '' })
    const answers = await Promise.all(Array.from({ length: 100 }, () => agent.call('listStacks', {})))
    expect(answers).toHaveLength(100)
    await agent.close()
    server.close()
  })

  test('refuses a socket that is not there', async () => {
    const transport = await connect()
    await expect(transport.openSocket(join(sshd.folder, 'nothing.sock'))).rejects.toMatchObject({ id: 'unavailable' })
    expect((await transport.exec(['echo', 'still here'])).stdout).toBe('still here\n')
  })

  test('reads the key that a host shows', async () => {
    expect(await makeConnector(15_000).readHostKey(sshd.target)).toEqual(sshd.hostKey)
  })

  test('refuses a host that was never trusted', async () => {
    const failure = await connect({ ...sshd.target, hostKeys: [] }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(HostKeyError)
    expect(failure).toMatchObject({ presented: sshd.hostKey, expected: [] })
  })

  test('refuses a host that shows another key, loudly', async () => {
    const other = join(sshd.folder, `other-${Math.random()}`)
    makeKey(other, '')
    const [type = '', blob = ''] = (await readFile(`${other}.pub`, 'utf8')).split(' ')
    const failure = await connect({ ...sshd.target, hostKeys: [{ type, blob }] }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(HostKeyError)
    expect(String(failure)).toContain('ANOTHER KEY')
  })

  test('opens an encrypted key with its passphrase and says when that is wrong', async () => {
    const { path, passphrase } = sshd.encryptedKey
    const transport = await connect({ ...sshd.target, authentication: { kind: 'key', path, passphrase } })
    expect((await transport.exec(['echo', 'in'])).stdout).toBe('in\n')
    const wrong = connect({ ...sshd.target, authentication: { kind: 'key', path, passphrase: 'wrong' } })
    await expect(wrong).rejects.toMatchObject({ id: 'forbidden' })
  })

  test('says that a login is refused', async () => {
    const other = join(sshd.folder, `stranger-${Math.random()}`)
    makeKey(other, '')
    const refused = connect({ ...sshd.target, authentication: { kind: 'key', path: other } })
    await expect(refused).rejects.toMatchObject({ id: 'forbidden' })
  })

  test('says that nothing listens', async () => {
    await expect(connect({ ...sshd.target, port: 1 })).rejects.toMatchObject({ id: 'unavailable' })
  })

  test('gives up on a port that accepts and stays silent', async () => {
    const silent = net.createServer((socket) => socket.resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as net.AddressInfo
    await expect(connect({ ...sshd.target, port }, 1000)).rejects.toMatchObject({ id: 'unavailable' })
    silent.close()
  })

  test('is closed without a reason when we close it', async () => {
    const transport = await connect()
    await transport.close()
    expect(await transport.closed).toBeNull()
    await expect(transport.exec(['true'])).rejects.toThrow()
  })

  describe('with a server of its own', () => {
    let own: ThrowAwaySshd
    afterEach(async () => {
      own.signal('SIGCONT')
      await own.close()
    })

    test('notices a server that froze', async () => {
      own = await startSshd()
      const transport = await connect(own.target)
      const hanging = transport.exec(['sleep', '60'])
      hanging.catch(() => {})
      own.signal('SIGSTOP')
      expect(await transport.closed).toBeInstanceOf(Error)
      await expect(hanging).rejects.toMatchObject({ id: 'unavailable' })
    })

    test('is closed though the server froze and answers no good-bye', { timeout: 20_000 }, async () => {
      own = await startSshd()
      const transport = await connect(own.target)
      const hanging = transport.exec(['sleep', '60'])
      hanging.catch(() => {})
      own.signal('SIGSTOP')
      await transport.close()
      await expect(hanging).rejects.toMatchObject({ id: 'unavailable' })
    })

    test('notices a server that died', async () => {
      own = await startSshd()
      const transport = await connect(own.target)
      const hanging = transport.exec(['sleep', '60'])
      hanging.catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 100))
      own.signal('SIGKILL')
      expect(await transport.closed).toBeInstanceOf(Error)
      await expect(hanging).rejects.toMatchObject({ id: 'unavailable' })
    })

    test('is refused a socket where the server forbids it, and may still run commands', async () => {
      own = await startSshd({ lines: ['AllowStreamLocalForwarding no'] })
      const server = net.createServer((socket) => socket.end('hello'))
      const path = join(own.folder, 'agent.sock')
      await new Promise<void>((resolve) => server.listen(path, resolve))
      const transport = await connect(own.target)
      await expect(transport.openSocket(path)).rejects.toMatchObject({ id: 'unavailable' })
      expect((await transport.exec(['echo', 'stdio'])).stdout).toBe('stdio\n')
      server.close()
    })
  })
})
