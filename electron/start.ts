import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openBrowserShell } from './browser-shell/browser-shell.ts'
import { browserDoor } from './browser-shell/door.ts'
import { readConfig, readElectronDistribution } from './config.ts'
import { embeddedId } from './core/servers/servers.ts'
import { type Desktop, openDesktop } from './desktop.ts'
import { startChild } from './exec/spawn.ts'

const help = `npm start -- [options]

  --browser      opens Hearth in a browser tab even where Electron is
  --port PORT    the browser shell's port; a free one by default
  --demo         deploys the sample app to This computer and prints its URL
`

async function start(parameters: string[]): Promise<void> {
  const flag = { type: 'boolean' } as const
  const options = { browser: flag, demo: flag, help: flag, port: { type: 'string' } } as const
  const { values } = parseArgs({ args: parameters, options })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const electron = findElectron()
  if (typeof electron === 'string' && !values.browser && !values.demo) {
    const window = await startChild([electron, join(import.meta.dirname, 'main.js')], {
      stdio: ['inherit', 'inherit', 'inherit'],
      // Electron's program can't run the embedded server's agent (its Node mode is off); this one can.
      environment: { HEARTH_NODE: process.execPath },
    })
    process.exitCode = await window.exit
    return
  }
  if (typeof electron !== 'string') console.log(`${electron.missing} Hearth opens in your browser instead.`)
  await startInBrowser(Number(values.port ?? 0), values.demo ?? false)
}

/** Electron's program, or why it is not here. */
function findElectron(): string | { missing: string } {
  const require = createRequire(import.meta.url)
  const directory = dirname(require.resolve('electron/package.json'))
  const pathFile = join(directory, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron'
  const program = join(readElectronDistribution() ?? join(directory, 'dist'), name)
  return existsSync(program)
    ? program
    : { missing: "Electron's program is not on this machine (npx install-electron gets it)." }
}

async function startInBrowser(port: number, wantsDemo: boolean): Promise<void> {
  const log = { error: (message: string, error: unknown) => console.error(`${message}: ${describe(error)}`) }
  const desktop = await openDesktop({
    config: readConfig(),
    onError: log.error,
    // A tab has no native dialogs; it opens links by itself.
    shell: browserDoor,
  })
  const rendererDirectory = fileURLToPath(new URL('../renderer', import.meta.url))
  const shell = await openBrowserShell({ answers: desktop.answers, rendererDirectory, port, log })
  closeOnSignal(async () => {
    await shell.close()
    await desktop.close()
  })
  console.log(`Hearth is open at ${shell.issueUrl()}`)
  if (wantsDemo) await deployDemo(desktop)
}

const demoApp = 'hello'

/** What a newcomer does first, by itself: deploys the sample and waits until its URL answers. */
async function deployDemo({ core, answers }: Desktop): Promise<void> {
  await whenOnline({ core })
  const folder = { kind: 'sample', name: 'hello-node' } as const
  const { id } = await answers.calls['deploys.start']({ serverId: embeddedId, app: demoApp, folder })
  for await (const bytes of core.deploys.output(id, new AbortController().signal)) process.stdout.write(bytes)
  const deploy = await core.deploys.finished(id)
  if (deploy.state !== 'succeeded' || !deploy.url) throw new Error(deploy.error ?? 'The sample was not deployed.')
  const response = await fetchApp(deploy.url)
  if (!response.ok) throw new Error(`${deploy.url} answers ${response.status}.`)
  console.log(`The sample app answers at ${deploy.url}`)
}

/** By address and Host: not every resolver knows *.localhost, every browser does. */
function fetchApp(url: string): Promise<{ ok: boolean; status: number }> {
  const { port, hostname } = new URL(url)
  const http = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, headers: { host: `${hostname}:${port}` } }, (response) => {
      response.resume()
      resolve({ ok: response.statusCode === 200, status: response.statusCode ?? 0 })
    })
    request.on('error', reject)
  })
}

function whenOnline({ core }: Pick<Desktop, 'core'>): Promise<void> {
  const isOnline = () => core.servers.get(embeddedId).connection.state === 'online'
  return new Promise((resolve) => {
    if (isOnline()) resolve()
    const unsubscribe = core.changes.subscribe(() => {
      if (!isOnline()) return
      unsubscribe()
      resolve()
    })
  })
}

/** A second signal does not wait. */
function closeOnSignal(close: () => Promise<void>): void {
  let isClosing = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(1)
      isClosing = true
      void close().finally(() => process.exit(0))
    })
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

start(process.argv.slice(2)).catch((error) => {
  console.error(describe(error))
  process.exit(1)
})
