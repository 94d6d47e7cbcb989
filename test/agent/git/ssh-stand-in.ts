// What stands for ssh, sshd and the forced command: a command for GIT_SSH_COMMAND that joins its streams to a socket.
import { writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { type GitCommand, parseGitCommand } from '../../../agent/core/git/git-command.ts'
import type { GitSession, GitSessionEnd } from '../../../agent/core/ports/git-repositories.ts'

export interface SshRequest {
  readonly service: (GitCommand & { kind: 'service' })['service']
  readonly app: string
  readonly protocol: string | null
  readonly signal: AbortSignal
}

export class SshStandIn {
  /** For a client's GIT_SSH_COMMAND. */
  readonly command: string
  readonly ends: GitSessionEnd[] = []
  readonly #server: net.Server

  private constructor(program: string, server: net.Server) {
    this.command = `node ${program}`
    this.#server = server
  }

  static async open(folder: string, serve: (request: SshRequest) => Promise<GitSession>): Promise<SshStandIn> {
    const [program, socketPath] = [path.join(folder, 'ssh.cjs'), path.join(folder, 'ssh.sock')]
    writeFileSync(
      program,
      `const socket = require('net').connect({ path: ${JSON.stringify(socketPath)}, allowHalfOpen: true })
      socket.write(JSON.stringify([process.argv.at(-1), process.env.GIT_PROTOCOL ?? null]) + '\\n')
      process.stdin.pipe(socket); socket.pipe(process.stdout); socket.on('close', () => process.exit())`,
    )
    const server = net.createServer({ allowHalfOpen: true }, (socket) => void standIn.#answer(socket, serve))
    const standIn = new SshStandIn(program, server)
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    return standIn
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(socket: net.Socket, serve: (request: SshRequest) => Promise<GitSession>): Promise<void> {
    const gone = new AbortController()
    socket.on('error', () => {})
    socket.once('close', () => gone.abort())
    const [command, protocol] = await readLine(socket)
    const asked = parseGitCommand(command)
    const session =
      asked?.kind === 'service' ? await serve({ ...asked, protocol, signal: gone.signal }).catch(() => null) : null
    if (!session) {
      socket.destroy()
      return
    }
    socket.pipe(session.input)
    session.output.pipe(socket, { end: false })
    if (gone.signal.aborted) session.abandon()
    socket.once('close', () => session.abandon())
    // Its process may be gone before all of its words are passed on.
    const passed = finished(session.output).catch(() => {})
    this.ends.push(await session.end)
    await passed
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
