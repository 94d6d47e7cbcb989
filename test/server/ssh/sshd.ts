import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { DynoPorts } from '../../../agent/process/dyno-ports.ts'
import type { HostKey, SshTarget } from '../../../electron/core/ports/transport.ts'
import { eventually } from '../../servers/eventually.ts'
import { greets } from '../../servers/server.ts'

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
  const port = await new DynoPorts('127.0.0.1').take()
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
  await eventually(() => greets('127.0.0.1', port), 30_000, `sshd does not answer on port ${port}`)
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

function descendants(pid: number): number[] {
  let children: number[] = []
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // It ended meanwhile.
  }
  return [pid, ...children.flatMap((child) => descendants(child))]
}
