import net from 'node:net'
import { Duplex, type Readable } from 'node:stream'
import { HearthError } from '../../agent/contract/errors.ts'
import type {
  ExecOptions,
  ExecResult,
  RemoteProcess,
  SshTarget,
  TerminalSize,
  Transport,
} from '../core/ports/transport.ts'
import { quoteCommand } from '../core/servers/shell-quote.ts'
import { type RunningChild, runChild, startChild } from '../exec/spawn.ts'
import { runToEnd } from './run-to-end.ts'
import type { SshFolder } from './ssh-folder.ts'

/** A client of the master has nothing to decide, so ~/.ssh/config is not read again for it. */
const clientFlags = ['-F', '/dev/null']

interface SystemTransportParts {
  readonly program: string
  readonly target: SshTarget
  readonly folder: SshFolder
  readonly master: RunningChild
}

/** A connection that is held by a master process of the system's ssh. */
export class SystemTransport implements Transport {
  readonly closed: Promise<Error | null>
  readonly #parts: SystemTransportParts
  readonly #forwards = new Map<string, Promise<string>>()
  /** Remote paths that were open once: later failures show by the connection's end. */
  readonly #reached = new Set<string>()
  #isClosing = false

  constructor(parts: SystemTransportParts) {
    this.#parts = parts
    this.closed = parts.master.exit.then(async () => {
      await parts.folder.close()
      return this.#isClosing ? null : new Error('The SSH connection was lost.')
    })
  }

  async openSocket(path: string): Promise<Duplex> {
    const local = await this.#forward(path)
    const socket = net.connect({ path: local, allowHalfOpen: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', (cause) => reject(new HearthError('unavailable', 'The SSH connection was lost.', { cause })))
    })
    socket.on('error', () => {})
    if (this.#reached.has(path)) return socket
    await refuseWhenClosedAtOnce(socket, path)
    this.#reached.add(path)
    return socket
  }

  exec(command: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return runToEnd(() => this.start(command, { pty: options.pty }), options)
  }

  async start(command: readonly string[], { pty }: { pty?: TerminalSize | undefined } = {}): Promise<RemoteProcess> {
    const { program, folder, target } = this.#parts
    // The size of a terminal is read from our own, which is none: the far side is told by stty.
    const sized = pty ? ['sh', '-c', `stty rows ${pty.rows} cols ${pty.columns}; exec "$@"`, 'sh', ...command] : command
    const flags = [
      ...clientFlags,
      '-S',
      folder.controlPath,
      '-o',
      'ControlMaster=no',
      '-o',
      'BatchMode=yes',
      pty ? '-tt' : '-T',
    ]
    const { child, exit } = await startChild([program, ...flags, '--', target.host, quoteCommand(sized)])
    const { stdin, stdout, stderr } = child
    if (!stdin || !stdout || !stderr) throw new HearthError('internal', 'ssh was started without its streams.')
    const stream = Duplex.from({ readable: stdout, writable: stdin })
    stream.on('close', () => child.kill('SIGTERM'))
    return { stream, stderr: stderr as Readable, exit: this.#exitOrLoss(exit) }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#parts.master.child.kill('SIGTERM')
    await this.closed
  }

  /** 255 is ssh's own failure, if the master is gone too; a command may end with it as well. Its process may take a while to go. */
  #exitOrLoss(exit: Promise<number>): Promise<number> {
    const { program, folder } = this.#parts
    const checked = exit.then(async (status) => {
      if (status !== 255 || (await isMasterThere(program, folder))) return status
      throw new HearthError('unavailable', 'The SSH connection was lost.')
    })
    checked.catch(() => {})
    return checked
  }

  #forward(path: string): Promise<string> {
    const known = this.#forwards.get(path)
    if (known) return known
    const { program, folder, target } = this.#parts
    const local = folder.socketPath(path)
    const flags = [...clientFlags, '-S', folder.controlPath, '-O', 'forward', '-L', `${local}:${path}`]
    const forwarding = runChild([program, ...flags, '--', target.host]).then(({ status }) => {
      if (status === 0) return local
      throw new HearthError('unavailable', `The server does not let us reach ${path}.`)
    })
    this.#forwards.set(path, forwarding)
    forwarding.catch(() => this.#forwards.delete(path))
    return forwarding
  }
}

/** Whether the master takes clients: it has logged in, and holds its connection. */
export async function isMasterThere(program: string, { controlPath }: SshFolder): Promise<boolean> {
  return (await runChild([program, ...clientFlags, '-O', 'check', '-S', controlPath, 'master'])).status === 0
}

/**
 * The local end accepts whatever becomes of the far one, which is opened only then; when that fails the connection is
 * closed without a byte. What is still open after a moment is taken for open.
 */
async function refuseWhenClosedAtOnce(socket: net.Socket, path: string): Promise<void> {
  const isOpen = await new Promise<boolean>((resolve) => {
    const decide = (answer: boolean) => () => {
      clearTimeout(timer)
      socket.off('readable', onReadable)
      resolve(answer)
    }
    const timer = setTimeout(decide(true), 150)
    const onReadable = () => decide(socket.readableLength > 0)()
    socket.on('readable', onReadable)
    socket.once('close', decide(false))
    socket.once('end', decide(false))
  })
  if (isOpen) return
  socket.destroy()
  throw new HearthError('unavailable', `The server does not let us reach ${path}.`)
}
