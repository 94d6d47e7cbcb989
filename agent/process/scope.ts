import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type CommandLine, runCommand } from '../exec/command.ts'

const timeoutMs = 5_000

/**
 * Asks systemd for a scope of this process's own, below which it may make groups. The user's systemd has memory and processes
 * delegated to it. Resolves with null when the process is in it, else with why it is not.
 */
export async function moveToScope(): Promise<string | null> {
  const name = `hearth-agent-${process.pid}.scope`
  const isIn = async () => (await readFile('/proc/self/cgroup', 'utf8')).includes(`/${name}`)
  if (await isIn()) return null
  try {
    await runCommand(renderScopeCall(name, process.pid, process.getuid?.() === 0), { timeoutMs })
  } catch (error) {
    return (error as Error).message
  }
  // The answer is a job that has just begun.
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 20) {
    if (await isIn()) return null
    await delay(20)
  }
  return 'systemd did not move the agent into its scope'
}

export function renderScopeCall(name: string, pid: number, isRoot: boolean): CommandLine {
  const manager = ['org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager'] as const
  const properties = [
    '3',
    'PIDs',
    'au',
    '1',
    `${pid}`,
    'Delegate',
    'b',
    'true',
    'CollectMode',
    's',
    'inactive-or-failed',
  ]
  return [
    ...(['busctl', isRoot ? '--system' : '--user', '--quiet', 'call', ...manager] as const),
    ...['StartTransientUnit', 'ssa(sv)a(sa(sv))', name, 'fail', ...properties, '0'],
  ]
}
