import { type ChildProcess, spawn } from 'node:child_process'
import { HearthError } from '../../agent/contract/errors.ts'
import { inheritedEnvironment } from '../config.ts'

/** A program and its arguments, never a shell string. */
export type CommandLine = readonly [program: string, ...parameters: string[]]

export interface SpawnOptions {
  readonly cwd?: string
  /** Added to what the desktop's own environment has; null takes a variable away. */
  readonly environment?: Readonly<Record<string, string | null>>
  readonly stdio?: readonly ('pipe' | 'ignore' | 'inherit')[]
  /** In a session of its own: it can not ask on the terminal that the desktop was started from. */
  readonly isDetached?: boolean
}

export interface RunningChild {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves once the process is gone and its streams are read to the end; 128 + n after a signal. */
  readonly exit: Promise<number>
}

const signalNumbers: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 }

/** Starts a program and hands over its streams. Throws HearthError when it can't be started. */
export async function startChild(
  [program, ...parameters]: CommandLine,
  options: SpawnOptions = {},
): Promise<RunningChild> {
  const child = spawn(program, parameters, {
    stdio: [...(options.stdio ?? ['pipe', 'pipe', 'pipe'])],
    windowsHide: true,
    detached: options.isDetached ?? false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.environment === undefined
      ? {}
      : { env: changeEnvironment(inheritedEnvironment(), options.environment) }),
  })
  const exit = new Promise<number>((resolve) => {
    child.once('close', (status, signal) => resolve(status ?? 128 + (signalNumbers[signal ?? ''] ?? 0)))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'it is not installed' : String(cause.code)
      reject(new HearthError('internal', `Could not start ${program}: ${why}.`, { cause }))
    })
  })
  // Later errors show in `exit`; writing to a program that ended is no reason to end ours.
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  return { child, pid: child.pid as number, exit }
}

export function changeEnvironment(
  environment: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const entries = Object.entries({ ...environment, ...change })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}

/** Runs a short program to its end and collects what it prints. */
export async function runChild(
  command: CommandLine,
  options: SpawnOptions & { input?: string; signal?: AbortSignal | undefined } = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  const { child, exit } = await startChild(command, options)
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const stop = () => child.kill('SIGKILL')
  options.signal?.addEventListener('abort', stop)
  if (options.signal?.aborted) stop()
  child.stdin?.end(options.input ?? '')
  const status = await exit
  options.signal?.removeEventListener('abort', stop)
  return { status, stdout: stdout(), stderr: stderr() }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
