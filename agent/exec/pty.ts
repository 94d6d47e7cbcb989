import { closeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { requireBinary } from '@lydell/node-pty/requireBinary.js'
import { HearthError } from '../contract/errors.ts'
import type { CommandExit, CommandLine, CommandOptions } from './command.ts'
import { findSignal } from './signal.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** The master's end of a pseudoterminal: bytes both ways. Reading ends with an EIO error when no slave is open. */
export interface PtyMaster {
  readonly stream: ReadStream
  resize(size: TerminalSize): void
  /** Hangs up: what still runs on the terminal gets SIGHUP. */
  destroy(): void
}

/** A terminal without a process; somebody else opens the slave by its path. */
export interface PtyPair extends PtyMaster {
  /** `/dev/pts/4` */
  readonly slavePath: string
  /** Our descriptor of the slave, to be handed to a child. */
  readonly slaveFd: number
  /**
   * Gives up our own hold on the slave: from then on reading ends once nobody else has it open. The hold bridges the
   * time until the process opens it, and keeps what a process wrote last from being lost.
   */
  releaseSlave(): void
}

export interface PtyCommand extends PtyMaster {
  readonly pid: number
  readonly exit: Promise<CommandExit>
}

// The package's JavaScript half reads from both ends of an opened pair, so the slave's input would be lost: only its
// native half is used.
interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
  fork(
    program: string,
    parameters: readonly string[],
    environment: readonly string[],
    cwd: string,
    columns: number,
    rows: number,
    uid: number,
    gid: number,
    isUtf8: boolean,
    helperPath: string,
    onExit: (status: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string }
  resize(fd: number, columns: number, rows: number): void
}

let native: NativePty | undefined

function loadNative(): NativePty {
  native ??= requireBinary('pty.node') as NativePty
  return native
}

export function openPty(size: TerminalSize): PtyPair {
  const { master, slave, pty } = loadNative().open(size.columns, size.rows)
  let holdsSlave = true
  const releaseSlave = () => {
    if (holdsSlave) closeSync(slave)
    holdsSlave = false
  }
  const ours = openMaster(master)
  const destroy = () => {
    releaseSlave()
    ours.destroy()
  }
  return { ...ours, slavePath: pty, slaveFd: slave, releaseSlave, destroy }
}

/** Starts a command on a terminal of its own, as leader of a session and process group. */
export function startPtyCommand(command: CommandLine, options: CommandOptions & { size: TerminalSize }): PtyCommand {
  const [program, ...parameters] = command
  const environment = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`)
  const { columns, rows } = options.size
  const { promise: exit, resolve } = Promise.withResolvers<CommandExit>()
  const onExit = (status: number, signal: number) =>
    resolve(signal === 0 ? { status, signal: null } : { status: null, signal: findSignal(signal) ?? 'SIGKILL' })
  const cwd = options.cwd ?? '/'
  const { uid = -1, gid = -1 } = options
  const { fd, pid } = loadNative().fork(
    program,
    parameters,
    environment,
    cwd,
    columns,
    rows,
    uid,
    gid,
    true,
    findHelper(),
    onExit,
  )
  return { ...openMaster(fd), pid, exit }
}

function openMaster(fd: number): PtyMaster {
  const stream = new ReadStream(fd)
  // Reading ends with EIO; whoever consumes the stream sees it there, and nobody else shall be hurt by it.
  stream.on('error', () => {})
  return {
    stream,
    resize: ({ columns, rows }) => {
      if (!Number.isInteger(columns) || !Number.isInteger(rows) || columns < 1 || rows < 1)
        throw new HearthError('invalid_params', `A terminal can't be ${columns} columns by ${rows} rows.`)
      if (!stream.destroyed) loadNative().resize(fd, columns, rows)
    },
    destroy: () => void stream.destroy(),
  }
}

/** macOS starts processes on a terminal through a small program of the package. */
function findHelper(): string {
  if (process.platform !== 'darwin') return ''
  return new URL(import.meta.resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`)).pathname
}
