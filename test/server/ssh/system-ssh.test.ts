// What the SSH inside Hearth can't do and the computer's own can; and what that one must never do.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SshTarget } from '../../../electron/core/ports/transport.ts'
import { HostKeyError } from '../../../electron/core/ports/transport.ts'
import { Ssh2Connector } from '../../../electron/ssh/ssh2-connector.ts'
import { SystemConnector } from '../../../electron/ssh/system-connector.ts'
import { openSystemSsh } from '../../../electron/ssh/system-ssh.ts'
import { makeKey, startSshd, type ThrowAwaySshd } from './sshd.ts'

const patience = { readyTimeoutMs: 15_000 }
const ssh2 = new Ssh2Connector({ agentSocket: null, ...patience })

let sshd: ThrowAwaySshd
let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  sshd = await startSshd()
  folder = await mkdtemp(join(tmpdir(), 'hearth-system-ssh-'))
})
afterAll(async () => {
  await sshd.close()
  await rm(folder, { recursive: true })
})

/** A connector whose user has this in ~/.ssh/config. */
async function withConfig(...lines: string[]): Promise<SystemConnector> {
  await writeFile(at('config'), lines.join('\n'))
  return new SystemConnector({ ...patience, configFile: at('config') })
}

/** What nc would do, were it everywhere. */
function relay(port: number): string {
  const program = `const socket = require('node:net').connect(${port}, '127.0.0.1')
    process.stdin.pipe(socket).pipe(process.stdout)`
  writeFileSync(at('relay.cjs'), program)
  return `${process.execPath} ${at('relay.cjs')}`
}

async function say(connector: SystemConnector, target: SshTarget): Promise<string> {
  const transport = await connector.connect(target)
  try {
    return (await transport.exec(['echo', 'in'])).stdout
  } finally {
    await transport.close()
  }
}

describe('a server that offers post-quantum key exchange only', () => {
  let strict: ThrowAwaySshd
  beforeAll(async () => {
    strict = await startSshd({ lines: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] })
  })
  afterAll(() => strict.close())

  test('the SSH inside Hearth says that it can not, and the system’s ssh does it', async () => {
    await expect(ssh2.readHostKey(strict.target)).rejects.toMatchObject({ id: 'needs_system_ssh' })
    await expect(ssh2.connect(strict.target)).rejects.toMatchObject({ id: 'needs_system_ssh' })
    const system = await withConfig()
    expect(await system.readHostKey(strict.target)).toEqual(strict.hostKey)
    expect(await say(system, strict.target)).toBe('in\n')
  })
})

test('a key that the SSH inside Hearth does not understand opens with the system’s ssh', async () => {
  const path = at('chacha')
  const cipher = ['-Z', 'chacha20-poly1305@openssh.com']
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', ...cipher, '-N', 'open sesame', '-f', path])
  await writeFile(join(sshd.folder, 'authorized'), await readFile(`${path}.pub`), { flag: 'a' })
  const target: SshTarget = { ...sshd.target, authentication: { kind: 'key', path, passphrase: 'open sesame' } }
  await expect(ssh2.connect(target)).rejects.toMatchObject({ id: 'needs_system_ssh' })
  expect(await say(await withConfig(), target)).toBe('in\n')
})

test('an agent that holds a hardware key is a reason to use the system’s ssh, another agent is none', async () => {
  const hardware = await startAgent([['sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:']])
  const empty = await startAgent([])
  const connect = (agentSocket: string) =>
    new Ssh2Connector({ agentSocket, ...patience }).connect({ ...sshd.target, authentication: { kind: 'agent' } })
  await expect(connect(hardware)).rejects.toMatchObject({ id: 'needs_system_ssh' })
  await expect(connect(empty)).rejects.toMatchObject({ id: 'forbidden' })
})

describe('~/.ssh/config', () => {
  test('leads to a host that has another address, through a command, and its key is the one that is shown', async () => {
    const { port } = sshd.target
    const system = await withConfig('Host nas', '  HostName nowhere.invalid', `  ProxyCommand ${relay(port)}`)
    const target = { ...sshd.target, host: 'nas', port: 22 }
    expect(await system.readHostKey(target)).toEqual(sshd.hostKey)
    expect(await say(system, target)).toBe('in\n')
  })

  test('does not loosen whom we trust', async () => {
    const { type, blob } = sshd.hostKey
    const system = await withConfig(
      'StrictHostKeyChecking no',
      'VerifyHostKeyDNS yes',
      `KnownHostsCommand /bin/echo hearth ${type} ${blob}`,
      'HostKeyAlias other',
      `UserKnownHostsFile ${at('known')}`,
      `GlobalKnownHostsFile ${at('known')}`,
    )
    await writeFile(at('known'), `hearth ${type} ${blob}\nother ${type} ${blob}\n`)
    makeKey(at('foreign'), '')
    const [, foreign = ''] = readFileSync(at('foreign.pub'), 'utf8').split(' ')
    const expected = { ...sshd.target, hostKeys: [{ type, blob: foreign }] }
    await expect(system.connect(expected)).rejects.toBeInstanceOf(HostKeyError)
    expect(await say(system, sshd.target)).toBe('in\n')
  })

  test('of a person’s own sessions is not ours', async () => {
    const system = await withConfig(
      'RemoteCommand false',
      'RequestTTY force',
      'LocalForward 127.0.0.1:1 127.0.0.1:1',
      'ExitOnForwardFailure yes',
      'PermitLocalCommand yes',
      `LocalCommand touch ${at('local-command')}`,
      `ControlPath ${at('control')}`,
      'ControlMaster auto',
      'ControlPersist yes',
    )
    expect(await say(system, sshd.target)).toBe('in\n')
    await expect(readFile(at('local-command'))).rejects.toThrow('ENOENT')
    await expect(readFile(at('control'))).rejects.toThrow('ENOENT')
  })

  test('that leads nowhere is told in ssh’s own words', async () => {
    const system = await withConfig(`ProxyCommand sh -c 'echo no route to the jump host >&2; false'`)
    await expect(system.connect(sshd.target)).rejects.toMatchObject({
      id: 'unavailable',
      message: expect.stringMatching(/ssh says: .*no route to the jump host/),
    })
  })

  test('is looked at to see what a host needs', async () => {
    makeKey(at('usual'), '')
    await writeFile(at('token'), 'handle')
    await writeFile(at('token.pub'), 'sk-ssh-ed25519@openssh.com AAAA me\n')
    const lines = [
      `Host *\n  IdentityFile ${at('usual')}`,
      'Host nas\n  HostName 203.0.113.9\n  User admin\n  Port 2222\n  ProxyJump bob@jump:2200',
      'Host lab\n  ProxyCommand nc %h %p\n  IdentityAgent /run/other.sock',
      `Host token\n  IdentityFile ${at('token')}`,
    ]
    await writeFile(at('config'), lines.reverse().join('\n'))
    const ssh = openSystemSsh({ agentSocket: null, configFile: at('config') })
    const need = (host: string) => ssh.explainNeed({ host, port: 22, user: 'root' })
    expect(await ssh.isAvailable()).toBe(true)
    expect(await need('plain')).toBeNull()
    expect(await need('nas')).toMatch(/through bob@jump:2200 \(ProxyJump\) and has its address, 203\.0\.113\.9/)
    expect(await need('lab')).toMatch(/ProxyCommand.*IdentityAgent/)
    expect(await need('token')).toBeNull()
    expect(await ssh.describeHost('nas')).toEqual({ user: 'admin', port: 2222 })

    await rm(at('usual'))
    await rm(at('usual.pub'))
    expect(await need('token')).toMatch(/hardware key \(FIDO\)/)
  })
})

test('without an ssh program nothing of it is offered', async () => {
  const none = openSystemSsh({ program: at('no-such-ssh'), agentSocket: null })
  expect(await none.isAvailable()).toBe(false)
  expect(await none.explainNeed(sshd.target)).toBeNull()
})

describe('a passphrase', () => {
  /** Runs beside ssh with its environment, as the ssh of a jump host does, and writes down what it can get. */
  async function withSpy(): Promise<SystemConnector> {
    const spy = [
      '#!/bin/sh',
      `"$SSH_ASKPASS" "root@jump's password: " > ${at('asked')} 2>&1`,
      `find "$HEARTH_ASKPASS" -type f -exec cat {} + > ${at('on-disk')}`,
      `exec ${relay(sshd.target.port)}`,
    ]
    await writeFile(at('spy'), spy.join('\n'))
    await chmod(at('spy'), 0o700)
    return withConfig(`ProxyCommand ${at('spy')}`)
  }

  test('is told to the ssh that we started and to no other, and never lies on the disk', async () => {
    const { path, passphrase } = sshd.encryptedKey
    const target: SshTarget = { ...sshd.target, authentication: { kind: 'key', path, passphrase } }
    expect(await say(await withSpy(), target)).toBe('in\n')
    expect(await readFile(at('asked'), 'utf8')).toBe('')
    const onDisk = await readFile(at('on-disk'), 'utf8')
    expect(onDisk).toContain('HEARTH_ASKPASS')
    expect(onDisk).not.toContain(passphrase)
  })
})

const agents: net.Server[] = []
afterEach(() => Promise.all(agents.splice(0).map((server) => new Promise((closed) => server.close(closed)))))

/** An ssh-agent that lists keys and signs nothing. The protocol: draft-ietf-sshm-ssh-agent, messages 11 and 12. */
async function startAgent(keys: readonly (readonly (string | Buffer)[])[]): Promise<string> {
  const listing = keys.flatMap((key) => [string(Buffer.concat(key.map(string))), string('')])
  const body = Buffer.concat([Buffer.from([12]), uint32(keys.length), ...listing])
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => socket.write(string(body)))
  })
  agents.push(server)
  const path = join(folder, `agent-${agents.length}`)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return path
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function string(value: string | Buffer): Buffer {
  return Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)])
}
