import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { HostKey, SshTarget } from '../../../electron/core/ports/transport.ts'

const program = '/usr/sbin/sshd'

export interface ThrowAwaySshd {
  readonly folder: string
  readonly target: SshTarget
  readonly hostKey: HostKey
  readonly encryptedKey: { path: string; passphrase: string }
  /** The listener and everything it started. */
  signal(name: NodeJS.Signals): void
  close(): Promise<void>
}

/** A real sshd on loopback, with keys of its own, that lets in who runs the test. */
export async function startSshd(options: { readonly lines?: readonly string[] } = {}): Promise<ThrowAwaySshd> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-sshd-'))
  const at = (name: string) => join(folder, name)
  mkdirSync('/run/sshd', { recursive: true })
  makeKey(at('host'), '')
  makeKey(at('user'), '')
  makeKey(at('encrypted'), 'open sesame')
  writeFileSync(at('authorized'), readFileSync(at('user.pub'), 'utf8') + readFileSync(at('encrypted.pub'), 'utf8'))
  const port = await findFreePort()
  writeFileSync(
    at('config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('authorized')}`,
      // A login shell's start files are this machine's business and may take their time.
      `SetEnv HOME=${folder}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `PidFile ${at('pid')}`,
      ...(options.lines ?? []),
    ].join('\n'),
  )
  // A group of its own: the sessions are its grandchildren, and faults must hit them too.
  const child = spawn(program, ['-D', '-e', '-f', at('config')], { stdio: 'ignore', detached: true })
  await waitForPort(port)
  const signal = (name: NodeJS.Signals) => {
    for (const pid of descendants(child.pid as number)) {
      try {
        process.kill(pid, name)
      } catch {
        // It ended meanwhile.
      }
    }
  }
  const [type = '', blob = ''] = readFileSync(at('host.pub'), 'utf8').split(' ')
  return {
    folder,
    hostKey: { type, blob },
    target: {
      host: '127.0.0.1',
      port,
      user: userInfo().username,
      authentication: { kind: 'key', path: at('user') },
      hostKeys: [{ type, blob }],
    },
    encryptedKey: { path: at('encrypted'), passphrase: 'open sesame' },
    signal,
    async close() {
      signal('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function makeKey(path: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', path])
}

export async function findFreePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.once('data', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  throw new Error('sshd did not start')
}

function descendants(pid: number): number[] {
  let children: number[] = []
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // It ended meanwhile.
  }
  return [pid, ...children.flatMap((child) => descendants(child))]
}
