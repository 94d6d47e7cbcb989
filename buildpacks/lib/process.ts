import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'

/** The end of a program's output is enough to recognise why it failed. */
const keptCharacters = 64 * 1024

export interface ProgramResult {
  readonly status: number
  /** The end of what it printed, both streams merged. */
  readonly output: string
}

/** Runs a program in the build, its output indented line by line. */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: { directory: string; environment: Readonly<Record<string, string>>; isQuiet?: boolean },
): Promise<ProgramResult> {
  const child = spawn(program, parameters, {
    cwd: options.directory,
    env: { ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    const output = readOutput(child, options.isQuiet ?? false)
    child.once('error', reject)
    child.once('close', (status, signal) => {
      output.flush()
      if (signal === 'SIGKILL')
        process.stdout.write(' !     A program of the build was killed, most likely for lack of memory.\n')
      resolve({ status: status ?? 128, output: output.text() })
    })
  })
}

function readOutput(child: ChildProcess, isQuiet: boolean) {
  let kept = ''
  let partial = ''
  const take = (chunk: string) => {
    kept = (kept + chunk).slice(-keptCharacters)
    if (isQuiet) return
    const lines = (partial + chunk).split('\n')
    partial = lines.pop() ?? ''
    if (lines.length > 0) process.stdout.write(lines.map((line) => `       ${line}\n`).join(''))
  }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take)
  return {
    text: () => kept,
    flush: () => {
      if (partial) process.stdout.write(`       ${partial}\n`)
      partial = ''
    },
  }
}
