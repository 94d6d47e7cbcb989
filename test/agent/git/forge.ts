// Repositories on this machine, and a client whose git reaches them as it would over SSH: by a command that joins its
// streams to a socket.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseGitCommand } from '../../../agent/core/git/git-command.ts'
import type { GitRepositories, GitSessionEnd, IncomingPush } from '../../../agent/core/ports/git-repositories.ts'
import { GitClient, run } from './git-client.ts'
import { openLocalGit } from './local-git.ts'

export class Forge {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'hearth-git-'))
  readonly appId = randomUUID()
  readonly problems: string[] = []
  readonly ends: GitSessionEnd[] = []
  repositories!: GitRepositories
  /** What the agent would decide; a test puts its own here. */
  onPush: (push: IncomingPush) => Promise<boolean> = async () => true
  isDiskLow = false
  #server!: net.Server
  #clones = 0

  static async open(): Promise<Forge> {
    const forge = new Forge()
    await forge.start()
    await forge.#listen()
    return forge
  }

  /** An agent, perhaps after one that was killed. */
  async start(): Promise<void> {
    this.repositories = await openLocalGit(this.folder, {
      isDiskLow: () => this.isDiskLow,
      report: (problem, cause) => this.problems.push(`${problem}: ${cause}`),
    })
  }

  async close(): Promise<void> {
    await this.repositories.close()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names)
  }

  /** The bare repository on the server's side. */
  get bare(): string {
    return this.path('repositories', `${this.appId}.git`)
  }

  readonly url = 'hearth@server:my-app.git'

  /** A repository of the client's, with a first commit. */
  async init(files: Record<string, string> = { 'index.js': 'hello\n' }): Promise<GitClient> {
    const client = this.client()
    await client.git('init', '--quiet', '--initial-branch=main', '.')
    await client.git('remote', 'add', 'hearth', this.url)
    await client.commit('First commit', files)
    return client
  }

  client(): GitClient {
    this.#clones += 1
    const folder = this.path(`client-${this.#clones}`)
    mkdirSync(folder, { recursive: true })
    return new GitClient(folder, { GIT_SSH_COMMAND: this.sshCommand })
  }

  /** In the bare repository. */
  async look(...parameters: string[]): Promise<string> {
    return (await run('git', ['--git-dir', this.bare, ...parameters], this.folder)).text.trim()
  }

  /** For GIT_SSH_COMMAND: what stands for ssh, sshd and the forced command. */
  get sshCommand(): string {
    return `node ${this.path('ssh.cjs')}`
  }

  async #listen(): Promise<void> {
    writeFileSync(
      this.path('ssh.cjs'),
      `const socket = require('net').connect({ path: ${JSON.stringify(this.path('ssh.sock'))}, allowHalfOpen: true })
      socket.write(JSON.stringify([process.argv.at(-1), process.env.GIT_PROTOCOL ?? null]) + '\\n')
      process.stdin.pipe(socket); socket.pipe(process.stdout); socket.on('close', () => process.exit())`,
    )
    chmodSync(this.path('ssh.cjs'), 0o755)
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => void this.#answer(socket))
    await new Promise<void>((resolve) => this.#server.listen(this.path('ssh.sock'), resolve))
  }

  async #answer(socket: net.Socket): Promise<void> {
    socket.on('error', () => {})
    const [command, protocol] = await readLine(socket)
    const asked = parseGitCommand(command)
    if (asked?.kind !== 'service') return socket.destroy() as never
    const { appId, onPush } = this
    const session = await this.repositories.openSession({
      appId,
      service: asked.service,
      mode: 'session',
      protocol,
      onPush,
    })
    socket.pipe(session.input)
    session.output.pipe(socket, { end: false })
    socket.on('close', () => session.abandon())
    this.ends.push(await session.end)
    socket.end()
  }
}

async function readLine(socket: net.Socket): Promise<[string, string | null]> {
  let text = ''
  for (;;) {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) {
      await new Promise((resolve) => socket.once('readable', resolve))
      continue
    }
    text += chunk.toString('latin1')
    const end = text.indexOf('\n')
    if (end === -1) continue
    socket.unshift(Buffer.from(text.slice(end + 1), 'latin1'))
    return JSON.parse(text.slice(0, end))
  }
}
