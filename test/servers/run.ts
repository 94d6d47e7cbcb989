import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

export interface Finished {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  input?: string | Uint8Array
  /** Give a non-zero exit back instead of throwing. */
  allowFailure?: boolean
  /** The terminal's own streams, for commands that a person runs. */
  inherit?: boolean
  signal?: AbortSignal
}

/** The only spawner of the test servers: a command is an argument array, never a shell string. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('no command given')
  const { promise, resolve, reject } = Promise.withResolvers<Finished>()
  const child = spawn(file, args, {
    stdio: options.inherit ? 'inherit' : 'pipe',
    ...(options.signal && { signal: options.signal }),
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  // A command may end without reading its input; its exit code tells the story, not the EPIPE.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input ?? '')
  child.on('error', reject)
  child.on('close', (code, signal) => {
    const stdout = Buffer.concat(out).toString()
    const stderr = Buffer.concat(err).toString()
    const exitCode = code ?? 128
    if (exitCode === 0 || options.allowFailure) return resolve({ exitCode, stdout, stderr })
    const ending = signal ? `was killed by ${signal}` : `exited with ${exitCode}`
    reject(new Error(`${command.join(' ')} ${ending}: ${stderr.trim().slice(-2000)}`))
  })
  return promise
}

/** Starts a process of its own session that outlives this one; its output goes to a file. */
export function launch(command: readonly string[], logFile: string): void {
  const [file, ...args] = command
  if (file === undefined) throw new Error('no command given')
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(file, args, { detached: true, stdio: ['ignore', log, log] })
  child.unref()
  closeSync(log)
  if (child.pid === undefined) throw new Error(`${file} could not be started`)
}

/**
 * Holds a file lock across processes while `work` runs. The kernel frees it when the holder dies, and the holder dies
 * with us because its standard input closes: there is never a stale lock to judge.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => holder.on('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve())
    holder.on('error', reject)
    holder.on('exit', () => reject(new Error(`the lock ${file} could not be taken`)))
  })
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await ended
  }
}
