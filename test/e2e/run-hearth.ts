// The command line as a script uses it.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { root } from '../tooling/repository.ts'

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs this very Node in a home of its own. */
export function runNode(home: string, parameters: readonly string[], input?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const environment = { ...process.env, HEARTH_HOME: home, INIT_CWD: root }
    const child = spawn(process.execPath, parameters, { cwd: root, env: environment })
    const read = { stdout: '', stderr: '' }
    child.stdout.on('data', (bytes: Buffer) => (read.stdout += bytes))
    child.stderr.on('data', (bytes: Buffer) => (read.stderr += bytes))
    child.on('close', (code) => resolve({ code: code ?? -1, ...read }))
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
  })
}

export function runHearth(home: string, ...parameters: string[]): Promise<Ended> {
  return runNode(home, [path.join(root, 'dist/electron/cli.js'), ...parameters])
}
