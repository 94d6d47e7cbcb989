import type { Agent } from '../../core/ports/agent.ts'
import type { AuthorityTrust, TrustReport } from '../../core/trust/authority-trust.ts'
import type { CallAnswers } from '../answers.ts'

type Names = 'trust.plan' | 'trust.carryOut'

export function answerTrust(trust: AuthorityTrust, agentOf: (serverId: string) => Agent): Pick<CallAnswers, Names> {
  return {
    'trust.plan': async ({ serverId, deed }) => shown(await trust.plan(agentOf(serverId), serverId, deed)),
    'trust.carryOut': async ({ serverId, deed }) => shown(await trust.carryOut(agentOf(serverId), serverId, deed)),
  }
}

function shown({ authority: { certificate: _, ...authority }, steps }: TrustReport) {
  return { authority, steps }
}
