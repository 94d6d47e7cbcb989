// What Electron's utility process runs: the core, without Electron's API. Plain Node runs it as well, given a `parentPort`.
import { readConfig } from './config.ts'
import { findVault, shellDoor } from './core-process/ask-shell.ts'
import { type ShellPort, serveShell } from './core-process/serve-shell.ts'
import { openDesktop } from './desktop.ts'

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))
const log = { error: (message: string, error: unknown) => console.error(`${message}: ${describe(error)}`) }
const { parentPort: port } = process as typeof process & { parentPort: ShellPort }

serveShell({
  port,
  log,
  openDesktop: async (shell, previousEnd) =>
    openDesktop({
      config: readConfig(),
      shell: shellDoor(shell),
      vault: await findVault(shell),
      onError: log.error,
      previousEnd,
    }),
}).then(
  () => process.exit(0),
  (error) => {
    console.error(describe(error))
    process.exit(1)
  },
)
