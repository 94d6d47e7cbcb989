import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Console } from './cli/console.ts'
import { runCommandLine } from './cli/main.ts'
import { Session } from './cli/session.ts'
import { readCallerDirectory, readConfig } from './config.ts'
import { openDesktopCore } from './desktop-core.ts'
import { makeInstaller } from './make-installer.ts'

const stop = new AbortController()
let leavesInterrupts = false

/** The first signal ends the command in order, the second at once. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (signal === 'SIGINT' && leavesInterrupts) return
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
}
// `hearth logs | head` is no failure: whoever read has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  stop.abort()
})

const exitCode = await runCommandLine({
  parameters: process.argv.slice(2),
  directory: readCallerDirectory(),
  version: readVersion(),
  signal: stop.signal,
  leaveInterrupts: () => {
    leavesInterrupts = true
  },
  openSession,
})
// A dyno's terminal may still hold standard input open; everything is written and closed.
process.exit(exitCode)

async function openSession(console: Console, signal: AbortSignal): Promise<Session> {
  const onError = (message: string, error: unknown) => {
    console.note(`${message}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const core = await openDesktopCore({ config: readConfig(), isHeadless: true, onError })
  return new Session({ core, installer: makeInstaller(core) }, { console, signal })
}

/** What the build wrote; from source it is package.json's. */
function readVersion(): string {
  const beside = join(import.meta.dirname, '..', 'agent', 'version.json')
  const file = existsSync(beside) ? beside : join(import.meta.dirname, '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
