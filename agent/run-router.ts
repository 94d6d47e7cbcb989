import { mkdir } from 'node:fs/promises'
import { type AgentConfig, paths, readConfig, readEnvironment } from './config.ts'
import type { Journal } from './journal.ts'
import { inheritedListeners, type ListenTarget } from './router/listen.ts'
import { openRouter } from './router/router.ts'
import { readVersion } from './version.ts'

/** `router`: serves HTTP by the agent's table, and by the last one when the agent is away. */
export async function runRouter(parameters: string[], journal: Journal): Promise<{ close(): Promise<void> }> {
  const withParent = parameters.includes('--with-parent')
  const config = readConfig(parameters.filter((parameter) => parameter !== '--with-parent'))
  await mkdir(config.routerDirectory, { recursive: true, mode: config.runner === 'systemd' ? 0o755 : 0o700 })
  const { version, digest } = readVersion()
  const router = await openRouter({
    listen: [...listeners(config), { path: paths.routerHttpSocket(config), mode: 0o660 }],
    controlPath: paths.routerControlSocket(config),
    tablePath: paths.routes(config),
    version,
    digest,
    onWarning: (message) => journal.note(message),
  })
  // An agent that was killed takes its embedded router along: the pipe to it closes.
  if (withParent) process.stdin.resume().on('end', () => void router.close().finally(() => process.exit(0)))
  return router
}

/** systemd holds the server's port open over restarts and hands it over; the embedded router opens its own. */
function listeners(config: AgentConfig): ListenTarget[] {
  const inherited = inheritedListeners(readEnvironment(), process.pid)
  if (inherited.length > 0) return inherited
  return [{ host: config.runner === 'systemd' ? '::' : '127.0.0.1', port: config.routerPort }]
}
