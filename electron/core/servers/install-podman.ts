import { setTimeout as sleep } from 'node:timers/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { ServerPodman } from '../../../agent/contract/server/server-podman.ts'
import type { Agent } from '../ports/agent.ts'

const lookMs = 500

/** Has a server install podman and waits for it; `onOutput` gets what its package manager prints. Throws why it could not. */
export async function installPodman(
  agent: Agent,
  { onOutput, signal }: { onOutput: (text: string) => Promise<void>; signal: AbortSignal },
): Promise<ServerPodman> {
  const before = await agent.call('getServerPodman', {})
  let told = before.state === 'installing' ? '' : (before.output ?? '')
  for (let now = await agent.call('installServerPodman', {}); ; now = await agent.call('getServerPodman', {})) {
    const output = now.output ?? ''
    // Another one than was there, or one whose beginning is not kept any more.
    await onOutput(output.startsWith(told) ? output.slice(told.length) : output)
    told = output
    if (now.state === 'ready') return now
    if (now.state !== 'installing') throw new HearthError('unavailable', now.problem ?? 'Podman was not installed.')
    await sleep(lookMs, undefined, { signal })
  }
}
