// Somebody with an SSH key and the stock client: what they reach of a server is what the key opens.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import net from 'node:net'
import path from 'node:path'
import { eventually } from '../../servers/index.ts'
import type { HearthServer } from '../hearth-server.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly message: string
}

export class KeyHolder implements AsyncDisposable {
  readonly #hearth: HearthServer
  readonly #keyFile: string
  readonly #forwards: ChildProcess[] = []
  readonly #sessions: ClientHttp2Session[] = []
  #token = ''

  private constructor(hearth: HearthServer, keyFile: string) {
    this.#hearth = hearth
    this.#keyFile = keyFile
  }

  /** Makes a key; nobody knows it yet. */
  static make(hearth: HearthServer, name: string): KeyHolder {
    const file = path.join(hearth.desktop.home, `key-${name}`)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}'s laptop`, '-f', file])
    return new KeyHolder(hearth, file)
  }

  /** Whoever has the desktop's own key. */
  static ofDesktop(hearth: HearthServer): KeyHolder {
    return new KeyHolder(hearth, path.join(hearth.desktop.home, 'ssh/id_ed25519'))
  }

  get publicKey(): string {
    return readFileSync(`${this.#keyFile}.pub`, 'utf8').trim()
  }

  get sshOptions(): string[] {
    const given = ['-F', 'none', '-i', this.#keyFile, '-p', String(this.#hearth.server.port)]
    const settings = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes']
    return [...given, ...settings.flatMap((setting) => ['-o', setting])]
  }

  /** What the stock client says and how it ends. */
  ssh(command: readonly string[]): Promise<{ status: number; text: string }> {
    const parameters = [...this.sshOptions, `hearth@${this.#hearth.server.host}`, ...command]
    return new Promise((resolve) => {
      const child = execFile('ssh', parameters, { timeout: 60_000 }, (error, out, err) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: `${out}${err}` }),
      )
      child.stdin?.end()
    })
  }

  /** Logs in for a token; the one before is forgotten here, not there. */
  async logIn(): Promise<void> {
    const { text } = await this.ssh(['token'])
    this.#token = (JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '{}') as { token?: string }).token ?? ''
    if (this.#token === '') throw new Error(`no token: ${text}`)
  }

  /** A connection to the API through sshd's forwarding, which stays as long as the SSH connection does. */
  async connect(): Promise<ClientHttp2Session> {
    const { server, desktop } = this.#hearth
    const local = path.join(desktop.home, `${path.basename(this.#keyFile)}-${this.#forwards.length}.sock`)
    const forward = ['-N', '-L', `${local}:/run/hearth/agent.sock`, `hearth@${server.host}`]
    this.#forwards.push(spawn('ssh', [...this.sshOptions, ...forward], { stdio: 'ignore' }))
    await eventually(() => takesConnections(local), 30_000, 'ssh does not forward')
    return this.reconnect(local)
  }

  /** Another connection over an SSH connection that is open. */
  reconnect(
    local = path.join(this.#hearth.desktop.home, `${path.basename(this.#keyFile)}-0.sock`),
  ): ClientHttp2Session {
    const session = http2.connect('http://agent', { createConnection: () => net.connect(local) })
    session.on('error', () => {})
    this.#sessions.push(session)
    return session
  }

  open(session: ClientHttp2Session, method: string, where: string, body?: object): ClientHttp2Stream {
    const headers = { ':method': method, ':path': where, authorization: `Bearer ${this.#token}` }
    const stream = session.request(headers, { endStream: body === undefined })
    stream.on('error', () => {})
    if (body !== undefined) stream.end(JSON.stringify(body))
    return stream
  }

  async ask(session: ClientHttp2Session, method: string, where: string, body?: object): Promise<Answer> {
    const stream = this.open(session, method, where, body)
    const status = await new Promise<number>((resolve) => {
      stream.once('response', (headers) => resolve(Number(headers[':status'])))
      stream.once('close', () => resolve(0))
    })
    const text = await stream.setEncoding('utf8').reduce((whole: string, chunk: string) => whole + chunk, '')
    const parsed = text === '' ? null : JSON.parse(text)
    return { status, body: parsed, message: parsed?.message ?? '' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) session.destroy()
    for (const child of this.#forwards) child.kill()
  }
}

/** A socket has its name before anybody listens there. */
function takesConnections(local: string): Promise<boolean> {
  const socket = net.connect(local)
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}
