import { join } from 'node:path'
import type { Door } from './access/authorized-keys.ts'
import { type AgentConfig, paths } from './config.ts'

/** What every key of this installation opens. */
export function doorOf(config: AgentConfig): Door {
  return { program: program(), sockets: [paths.agentSocket(config), paths.routerHttpSocket(config)] }
}

/** By the link, so that a key's line outlives this version: this file is <base>/versions/<version>/agent.mjs. */
function program(): string[] {
  const current = join(import.meta.dirname, '..', '..', 'current')
  return [join(current, 'node'), join(current, 'agent.mjs')]
}
