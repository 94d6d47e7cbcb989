import { readFileSync } from 'node:fs'
import { access, readdir, readFile } from 'node:fs/promises'
import type { DynoUsage } from '../../core/ports/dynos/dyno-runner.ts'

const root = '/sys/fs/cgroup'

/** Whether this server's kernel keeps memory limits by version 1 of its control groups, of which systemd hears less. */
export async function hasLegacyCgroups(): Promise<boolean> {
  return await access(`${root}/cgroup.controllers`).then(
    () => false,
    () => true,
  )
}

/** What this server's kernel has control groups for: `cpu`, `memory`, `pids` and others. */
export async function readControllers(isLegacy: boolean): Promise<readonly string[]> {
  return isLegacy ? await readdir(root) : (await readFile(`${root}/cgroup.controllers`, 'utf8')).trim().split(' ')
}

/** What of dynos' limits nothing keeps on this server, in sentences for its screen; empty when all are kept. */
export function describeUnkept(isLegacy: boolean, controllers: readonly string[]): string {
  const missing = ['cpu', 'memory', 'pids'].filter((name) => !controllers.includes(name))
  const sentences = [
    ...(missing.length > 0 ? [`Its kernel keeps no limit of ${missing.join(', ')}.`] : []),
    ...(isLegacy ? ['With control groups of version 1 dynos may use its swap.'] : []),
  ]
  return sentences.map((sentence) => ` ${sentence}`).join('')
}

/** What a unit uses, from the kernel; null when its control group is gone. `path` is systemd's `ControlGroup`. */
export async function readUsage(path: string, isLegacy: boolean): Promise<DynoUsage | null> {
  const files = isLegacy
    ? ['memory.usage_in_bytes', 'memory.stat', 'memory.oom_control'].map((name) => `${root}/memory${path}/${name}`)
    : ['memory.current', 'memory.stat', 'memory.events'].map((name) => `${root}${path}/${name}`)
  const cpuFile = isLegacy ? `${root}/cpuacct${path}/cpuacct.usage` : `${root}${path}/cpu.stat`
  try {
    const [used = '', statistics = '', kills = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    // Not every host with version 1 accounts for it.
    const cpu = await readFile(cpuFile, 'utf8').catch(() => '')
    const reclaimable = readFigure(statistics, isLegacy ? 'total_inactive_file' : 'inactive_file')
    return {
      memoryBytes: Math.max(0, Number(used) - reclaimable),
      rssBytes: readFigure(statistics, isLegacy ? 'total_rss' : 'anon'),
      swapBytes: readFigure(statistics, 'total_swap'),
      cpuSeconds: isLegacy ? Number(cpu) / 1e9 : readFigure(cpu, 'usage_usec') / 1e6,
      oomKills: readFigure(kills, 'oom_kill'),
    }
  } catch {
    return null
  }
}

/**
 * Processes that the kernel has ended for want of memory since the server booted, in all control groups. The group's own
 * count goes with the group before anybody can ask; this one stays.
 */
export function countOomKills(): number {
  return readFigure(readFileSync('/proc/vmstat', 'utf8'), 'oom_kill')
}

/** `oom_kill 3`, on a line of its own; 0 where a kernel does not tell. */
export function readFigure(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}
