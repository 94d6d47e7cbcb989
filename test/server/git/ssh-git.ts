import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { GitClient, renderClientEnvironment } from '../../agent/git/git-client.ts'
import type { HearthServer } from '../hearth-server.ts'

/** What ssh needs to log in with the desktop's own key. */
export function sshOptions({ server, desktop }: HearthServer): string[] {
  const given = ['-F', 'none', '-i', path.join(desktop.home, 'ssh/id_ed25519'), '-p', String(server.port)]
  const settings = [
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'BatchMode=yes',
    'LogLevel=ERROR',
  ]
  return [...given, ...settings.flatMap((setting) => ['-o', setting])]
}

export function addressOf({ server }: HearthServer, app: string): string {
  return `hearth@${server.host}:${app}.git`
}

/** A folder of the client's whose git reaches the server over SSH. */
export function openClient(hearth: HearthServer, name: string): GitClient {
  const folder = path.join(hearth.desktop.home, 'clients', name)
  mkdirSync(folder, { recursive: true })
  return new GitClient(folder, { GIT_SSH_COMMAND: ['ssh', ...sshOptions(hearth)].join(' ') })
}

export interface RawRun {
  readonly status: number
  readonly out: Buffer
  readonly err: string
}

/** Sends bytes of our own to a command over SSH, and closes its input. */
export function sendRaw(hearth: HearthServer, command: string, input: Uint8Array | string = ''): Promise<RawRun> {
  const env = renderClientEnvironment(hearth.desktop.home)
  const child = spawn('ssh', [...sshOptions(hearth), `hearth@${hearth.server.host}`, command], { env })
  const out: Buffer[] = []
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve) =>
    child.once('close', (status) => resolve({ status: status ?? -1, out: Buffer.concat(out), err })),
  )
}
