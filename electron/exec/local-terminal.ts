import { ReadStream } from 'node:tty'
import { HearthError } from '../../agent/contract/errors.ts'
import type { LocalTerminal, LocalTerminalOptions, LocalTerminalSize } from '../core/ports/local-terminal.ts'

/** The package's native half. Its JavaScript half is for callback code, and reads a stream that nobody holds back. */
interface NativePty {
  fork(
    program: string,
    parameters: readonly string[],
    environment: readonly string[],
    directory: string,
    columns: number,
    rows: number,
    uid: number,
    gid: number,
    isUtf8: boolean,
    helperPath: string,
    onExit: (status: number, signal: number) => void,
  ): { fd: number; pid: number }
  resize(fd: number, columns: number, rows: number): void
}

/** Starts a program on a terminal of its own, as leader of a session: the desktop's twin of agent/exec/pty.ts. */
export async function startLocalTerminal(options: LocalTerminalOptions): Promise<LocalTerminal> {
  const native = await loadNative()
  const [program, ...parameters] = options.command
  const environment = Object.entries(options.environment).map(([name, value]) => `${name}=${value}`)
  const { columns, rows } = options.size
  const { promise: exit, resolve } = Promise.withResolvers<number>()
  const { fd } = native.fork(
    program,
    parameters,
    environment,
    options.directory,
    columns,
    rows,
    -1,
    -1,
    true,
    findHelper(),
    (status, signal) => resolve(signal === 0 ? status : 128 + signal),
  )
  const stream = new ReadStream(fd)
  // Reading a terminal without programs ends with EIO; whoever reads sees the end of it.
  stream.on('error', () => {})
  return {
    stream,
    exit,
    resize: (size) => {
      if (!stream.destroyed) resize(native, fd, size)
    },
    close: () => void stream.destroy(),
  }
}

function resize(native: NativePty, fd: number, { columns, rows }: LocalTerminalSize): void {
  native.resize(fd, columns, rows)
}

/** Loaded at the first use: most commands need no terminal, and not every platform has one. */
async function loadNative(): Promise<NativePty> {
  if (process.platform === 'win32') {
    throw new HearthError(
      'bad_request',
      'Hearth has no terminal of its own on Windows yet. In PowerShell: npm run hearth -- shell',
    )
  }
  try {
    const { requireBinary } = await import('@lydell/node-pty/requireBinary.js')
    return requireBinary('pty.node') as NativePty
  } catch (cause) {
    throw new HearthError('internal', `There are no terminals for ${process.platform} on ${process.arch} here.`, {
      cause,
    })
  }
}

/** macOS starts programs on a terminal through a small program of the package; a packaged Hearth has it beside its archive. */
function findHelper(): string {
  if (process.platform !== 'darwin') return ''
  const { pathname } = new URL(import.meta.resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`))
  return decodeURIComponent(pathname).replace('/app.asar/', '/app.asar.unpacked/')
}
