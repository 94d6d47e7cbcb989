import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runShell } from './shell/shell.ts'

const log = {
  error: (message: string, error: unknown) =>
    console.error(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
}

void runShell({
  corePath: join(import.meta.dirname, 'core-process.js'),
  rendererDirectory: fileURLToPath(new URL('../renderer', import.meta.url)),
  preload: join(import.meta.dirname, 'preload.cjs'),
  log,
})
