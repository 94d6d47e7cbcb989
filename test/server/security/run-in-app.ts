import type { Agent } from '../../../electron/core/ports/agent.ts'
import type { TestDesktop } from '../hearth-server.ts'

/** What a one-off dyno of an app prints, and its exit code; its command gets pipes, not a terminal. */
export async function runInApp(
  desktop: TestDesktop,
  app: string,
  command: string,
  size?: string,
): Promise<{ output: string; exitCode: number }> {
  const agent = agentOf(desktop)
  const created = await agent.call(
    'createDyno',
    { app },
    { attach: true, command, time_to_live: 120, ...(size ? { size } : {}) },
  )
  const terminal = await agent.attach(created.attach_url ?? '', { kind: 'pipes' })
  terminal.end()
  let output = ''
  for await (const bytes of terminal.output) output += Buffer.from(bytes).toString()
  return { output, exitCode: await terminal.exitCode }
}

export async function readLog(desktop: TestDesktop, app: string, lines = 1500): Promise<string> {
  const agent = agentOf(desktop)
  const session = await agent.call('createLogSession', { app }, { lines, tail: false })
  let text = ''
  for await (const bytes of agent.readStream(session.logplex_url)) text += Buffer.from(bytes).toString()
  return text
}

export const agentOf = ({ core, serverId }: TestDesktop): Agent => core.servers.agent(serverId)
