import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { HearthError } from '../../agent/contract/errors.ts'
import { inheritedEnvironment } from '../config.ts'
import type { Program, ProgramOptions } from '../core/ports/program.ts'

/** Starts a program in a process group of its own: Ctrl-C in our terminal is ours to pass on, in order. */
export async function startProgram({ command, logPath }: ProgramOptions): Promise<Program> {
  const [program, ...parameters] = command
  const log = await open(logPath, 'a', 0o600)
  try {
    const child = spawn(program, parameters, {
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      windowsHide: true,
      env: inheritedEnvironment(),
    })
    const exit = new Promise<string>((resolve) => {
      child.once('exit', (status, signal) => resolve(signal ? `signal ${signal}` : `status ${status}`))
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)))
    })
    // Later errors (a signal to a program that is gone) show in `exit`.
    child.on('error', () => {})
    return { pid: child.pid as number, exit, kill: (signal) => void child.kill(signal) }
  } finally {
    await log.close()
  }
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): HearthError {
  const why = cause.code === 'ENOENT' ? 'it is not there' : cause.code === 'EACCES' ? 'it may not be run' : cause.code
  return new HearthError('internal', `Could not start ${program}: ${why}.`, { cause })
}
