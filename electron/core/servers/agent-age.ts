import type { Server as AgentServer } from '../../../agent/contract/server/server.ts'

/** An agent's program by its version and the digest that tells builds of one version apart. */
export interface ProgramVersion {
  readonly version: string
  /** Hexadecimal; compared by its beginning, because servers tell no more of theirs. */
  readonly digest: string
}

/** An agent beside the one that this desktop brings along. */
export type AgentAge = 'current' | 'outdated' | 'newer'

/** One of the same version and another build counts as outdated: it can be replaced, and nothing is lost by it. */
export function compareAgent(agent: Pick<AgentServer, 'version' | 'digest'>, own: ProgramVersion): AgentAge {
  const order = compareVersions(agent.version, own.version)
  if (order !== 0) return order < 0 ? 'outdated' : 'newer'
  return agent.digest !== undefined && own.digest.startsWith(agent.digest) ? 'current' : 'outdated'
}

/** The router serves on through an upgrade of the agent, with the program of before. */
export function hasOldRouter({ runner, version, digest, router }: AgentServer): boolean {
  if (runner !== 'systemd' || router.state === 'down' || digest === undefined) return false
  return router.version !== version || router.digest !== digest
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
