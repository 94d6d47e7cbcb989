import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from './config.ts'
import { openDesktop } from './desktop.ts'
import { electronDoor } from './shell/door.ts'
import { runShell } from './shell/shell.ts'
import { openVault } from './shell/vault.ts'

const log = {
  error: (message: string, error: unknown) =>
    console.error(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
}

void runShell({
  openDesktop: async () =>
    openDesktop({ config: readConfig(), shell: electronDoor, vault: await openVault(), onError: log.error }),
  rendererDirectory: fileURLToPath(new URL('../renderer', import.meta.url)),
  preload: join(import.meta.dirname, 'preload.cjs'),
  log,
})
