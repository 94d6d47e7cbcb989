import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { HearthError } from '../contract/errors.ts'

/** A program and its arguments, never a shell string. */
export type CommandLine = readonly [program: string, ...parameters: string[]]

/** How a process ended: a status, or the signal that ended it. */
export interface CommandExit {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

export interface CommandOptions {
  readonly cwd?: string
  /** The whole environment; without it the command inherits the agent's. */
  readonly environment?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly gid?: number
}

export interface RunOptions extends CommandOptions {
  readonly input?: string | Uint8Array
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Kept of each stream; what is over is read and forgotten. */
  readonly maximumOutputBytes?: number
  /** Statuses that are an answer, not a failure. */
  readonly expectedStatuses?: readonly number[]
}

export interface CommandResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A child process with its streams; its own process group, so that all it starts can be ended with it. */
export interface StreamingCommand {
  readonly pid: number
  readonly child: ChildProcess
  /** Resolves once the process is gone and its streams are read to the end. */
  readonly exit: Promise<CommandExit>
  /** Signals the whole process group. */
  kill(signal: NodeJS.Signals): void
}

export type StandardStream = 'pipe' | 'ignore' | 'inherit' | number

const defaultMaximumOutputBytes = 1024 * 1024

/**
 * Runs a command to its end. Throws HearthError when it can't be started, fails, takes too long or is aborted; the
 * message has the program's name and the end of its stderr, never its arguments or environment, which may hold secrets.
 */
export async function runCommand(command: CommandLine, options: RunOptions = {}): Promise<CommandResult> {
  options.signal?.throwIfAborted()
  const running = await startCommand(command, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  const maximum = options.maximumOutputBytes ?? defaultMaximumOutputBytes
  const stdout = collect(running.child.stdout, maximum)
  const stderr = collect(running.child.stderr, maximum)
  // A command may end without reading its input; its status says what that means.
  running.child.stdin?.on('error', () => {})
  running.child.stdin?.end(options.input ?? '')
  const exit = await endInTime(running, command[0], options)
  const result = { status: exit.status ?? -1, stdout: stdout(), stderr: stderr() }
  if (exit.status === 0 || (exit.status !== null && options.expectedStatuses?.includes(exit.status))) return result
  const how = exit.signal ? `was ended by ${exit.signal}` : `failed with status ${exit.status}`
  const lastWords = result.stderr.trim().split('\n').slice(-3).join(' ').slice(-500)
  throw new HearthError('internal', `${command[0]} ${how}${lastWords ? `: ${lastWords}` : ''}`, {
    detail: result.stderr,
  })
}

/** Starts a command and hands over its streams. Throws HearthError when the program can't be started. */
export async function startCommand(
  command: CommandLine,
  options: CommandOptions & { stdio: readonly StandardStream[] },
): Promise<StreamingCommand> {
  const [program, ...parameters] = command
  const child = spawn(program, parameters, {
    stdio: [...options.stdio],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.environment === undefined ? {} : { env: { ...options.environment } }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  })
  const exit = new Promise<CommandExit>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) => reject(cannotStart(program, cause)))
  })
  const pid = child.pid as number
  // Later errors of the child (a kill that fails) show in `exit`; without a listener they would end the agent.
  child.on('error', () => {})
  return { pid, child, exit, kill: (signal) => killGroup(pid, signal) }
}

/** Signals every process of a group; a group that is gone already is no error. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function endInTime(running: StreamingCommand, program: string, options: RunOptions): Promise<CommandExit> {
  let reason: HearthError | undefined
  const stop = (error: HearthError) => {
    reason ??= error
    running.kill('SIGKILL')
  }
  const onAbort = () => stop(new HearthError('gone', `${program} was cancelled.`, { cause: options.signal?.reason }))
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => stop(new HearthError('unavailable', `${program} took longer than ${options.timeoutMs} ms.`)),
          options.timeoutMs,
        )
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (options.signal?.aborted) onAbort()
  try {
    const exit = await running.exit
    if (reason) throw reason
    return exit
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

function collect(stream: NodeJS.ReadableStream | null, maximumBytes: number): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream?.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, Math.max(0, maximumBytes - size))
    if (kept.length > 0) chunks.push(kept)
    size += kept.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function cannotStart(program: string, cause: unknown): HearthError {
  const { code } = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOENT' ? 'it is not installed (or its folder is gone)' : code === 'EACCES' ? 'it may not be run' : code
  return new HearthError('internal', `Could not start ${program}: ${why}.`, { cause })
}
