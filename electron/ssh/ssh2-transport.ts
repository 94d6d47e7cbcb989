import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { HearthError } from '../../agent/contract/errors.ts'
import type { ExecOptions, ExecResult, RemoteProcess, TerminalSize, Transport } from '../core/ports/transport.ts'
import { quoteCommand } from '../core/servers/shell-quote.ts'
import { runToEnd } from './run-to-end.ts'

const signalNumbers: Record<string, number> = { HUP: 1, INT: 2, KILL: 9, PIPE: 13, TERM: 15 }

/** One connection of ssh2 as the port wants it. */
export class Ssh2Transport implements Transport {
  readonly closed: Promise<Error | null>
  readonly #client: Client
  readonly #socket: Socket
  #isClosing = false

  /** `socket` is what the client speaks over. */
  constructor(client: Client, socket: Socket) {
    this.#client = client
    this.#socket = socket
    let reason: Error | null = null
    client.on('error', (error) => {
      reason ??= error
    })
    this.closed = new Promise((resolve) => {
      client.once('close', () =>
        resolve(this.#isClosing ? null : (reason ?? new Error('The server ended the SSH connection.'))),
      )
    })
  }

  openSocket(path: string): Promise<Duplex> {
    return this.#untilClosed((resolve, reject) =>
      this.#client.openssh_forwardOutStreamLocal(path, (error, channel) => {
        if (error) reject(new HearthError('unavailable', `The server does not let us reach ${path}.`, { cause: error }))
        else resolve(channel)
      }),
    )
  }

  exec(command: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return runToEnd(() => this.start(command, { pty: options.pty }), options)
  }

  async start(command: readonly string[], { pty }: { pty?: TerminalSize | undefined } = {}): Promise<RemoteProcess> {
    const terminal = pty ? { pty: { rows: pty.rows, cols: pty.columns, term: 'xterm-256color' } } : {}
    // Watched from the callback on: the answer to a short command may be in the same packet as its end.
    const { channel, exit } = await this.#untilClosed<{ channel: ClientChannel; exit: Promise<number> }>(
      (resolve, reject) =>
        this.#client.exec(quoteCommand(command), terminal, (error, opened) => {
          if (error)
            reject(new HearthError('unavailable', 'The server does not let us run commands.', { cause: error }))
          else resolve({ channel: opened, exit: whenExited(opened) })
        }),
    )
    return { stream: channel, stderr: channel.stderr, exit }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#client.end()
    // A peer that froze or is cut off never answers the good-bye; and after it the client itself destroys nothing any more.
    const timer = setTimeout(() => this.#socket.destroy(), 500)
    await this.closed
    clearTimeout(timer)
  }

  /** ssh2 leaves a request open for ever when the connection ends before its answer. */
  #untilClosed<T>(ask: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    const lost = 'The SSH connection was lost.'
    return new Promise<T>((resolve, reject) => {
      void this.closed.then((cause) => reject(new HearthError('unavailable', lost, { cause })))
      try {
        ask(resolve, reject)
      } catch (cause) {
        reject(new HearthError('unavailable', lost, { cause }))
      }
    })
  }
}

function whenExited(channel: ClientChannel): Promise<number> {
  const exit = new Promise<number>((resolve, reject) => {
    let status: number | undefined
    channel.once('exit', (code: number | null, signal?: string) => {
      status = code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)
    })
    channel.once('close', () => {
      if (status === undefined) reject(new HearthError('unavailable', 'The SSH connection was lost.'))
      else resolve(status)
    })
  })
  exit.catch(() => {})
  return exit
}
