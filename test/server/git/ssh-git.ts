import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { GitClient, renderClientEnvironment } from '../../agent/git/git-client.ts'
import type { HearthServer } from '../hearth-server.ts'

/** What ssh needs to log in with the desktop's own key, or another one. */
export function sshOptions(
  { server, desktop }: HearthServer,
  key = path.join(desktop.home, 'ssh/id_ed25519'),
): string[] {
  const given = ['-F', 'none', '-i', key, '-p', String(server.port)]
  const host = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  return [...given, ...[...host, 'IdentitiesOnly=yes', 'BatchMode=yes'].flatMap((setting) => ['-o', setting])]
}

export function addressOf({ server }: HearthServer, app: string): string {
  return `hearth@${server.host}:${app}.git`
}

/** A folder of the client's whose git reaches the server over SSH. */
export function openClient(hearth: HearthServer, name: string, key?: string): GitClient {
  const folder = path.join(hearth.desktop.home, 'clients', name)
  mkdirSync(folder, { recursive: true })
  return new GitClient(folder, { GIT_SSH_COMMAND: ['ssh', ...sshOptions(hearth, key)].join(' ') })
}

export interface RawRun {
  readonly child: ChildProcess
  /** What came so far. */
  text(): string
  /** Its status and both of its streams. */
  readonly end: Promise<{ readonly status: number; readonly text: string; readonly errors: string }>
}

/** Runs a command over SSH whose streams are the test's own. */
export function openRaw(hearth: HearthServer, command: string): RawRun {
  const env = renderClientEnvironment(hearth.desktop.home)
  const child = spawn('ssh', [...sshOptions(hearth), `hearth@${hearth.server.host}`, command], { env })
  let [text, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  child.stdin.on('error', () => {})
  const end = new Promise<{ status: number; text: string; errors: string }>((resolve) =>
    child.once('close', (status) => resolve({ status: status ?? -1, text, errors })),
  )
  return { child, text: () => text, end }
}

export function sendRaw(hearth: HearthServer, command: string, input: Uint8Array | string = ''): RawRun['end'] {
  const { child, end } = openRaw(hearth, command)
  child.stdin?.end(input)
  return end
}
