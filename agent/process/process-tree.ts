import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { DynoUsage } from '../core/ports/dynos/dyno-runner.ts'
import { runCommand } from '../exec/command.ts'

const maximumLooks = 100
/** How often, and how long after, one looks again for what may have been missed. */
export const [looks, lookAgainMs] = [3, 10]

/** What tells a dyno's processes from all others. */
export interface TreeMark {
  readonly dynoId: string
  /** Leader of its session and process group. */
  readonly leaderPid: number
  /** `pid:[4026532208]`, of a sandboxed dyno. */
  readonly pidNamespace: string | null
}

/** The variable that every process of a dyno has in its environment. */
export const dynoIdVariable = 'HEARTH_DYNO_ID'

/** All processes of a dyno, those too that left its process group or lost their parent. */
export async function findProcesses(mark: TreeMark): Promise<number[]> {
  if (process.platform !== 'linux') return await findDescendants(mark.leaderPid)
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const matches = await Promise.all(names.map(async (name) => [Number(name), await belongs(name, mark)] as const))
  return matches.filter(([, isOurs]) => isOurs).map(([pid]) => pid)
}

/**
 * Whether the first process of the mark's namespace is that dyno's. An agent that was killed held no namespace, so that its number may
 * be another's by now.
 */
export async function hasOwnInit(mark: TreeMark): Promise<boolean> {
  const init = await findInit(mark)
  const environment = init === null ? '' : await readFile(`/proc/${init}/environ`, 'latin1').catch(() => '')
  return environment.includes(`${dynoIdVariable}=${mark.dynoId}\0`)
}

/** The first process of a sandboxed dyno: all its namespaces are this one's. */
export async function findInit(mark: TreeMark): Promise<number | null> {
  if (mark.pidNamespace === null) return null
  const pids = await findProcesses(mark)
  const inside = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')))
  // `NSpid: 4711 1`: its number here, and in the namespaces below.
  return pids.find((_, index) => /^NSpid:.*\t1$/m.test(inside[index] ?? '')) ?? null
}

/**
 * Kills all processes of a dyno. The kernel knows a namespace as a whole; elsewhere a process that is just being made or is just
 * becoming another program has no mark, so one looks again until there is none for some time.
 */
export async function killProcesses(mark: TreeMark): Promise<void> {
  signalProcesses(await findProcesses(mark), 'SIGKILL')
  for (let look = 0, inVain = 0; mayMiss(mark) && inVain < looks && look < maximumLooks; look++) {
    await delay(lookAgainMs, undefined, { ref: false })
    const pids = await findProcesses(mark)
    signalProcesses(pids, 'SIGKILL')
    inVain = pids.length === 0 ? inVain + 1 : 0
  }
}

export const mayMiss = (mark: TreeMark): boolean => mark.pidNamespace === null

export function signalProcesses(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // It ended on its own between the look and the signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Changes when the number of a process is given to another: its start in ticks since boot, or as `ps` tells it. */
export async function readStartTime(pid: number): Promise<string | null> {
  try {
    if (process.platform !== 'linux') {
      const { stdout } = await runCommand(['ps', '-o', 'lstart=', '-p', String(pid)])
      return stdout.trim() || null
    }
    const fields = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
    // A zombie is gone; its parent only has not looked yet.
    return fields.state === 'Z' ? null : fields.startTime
  } catch {
    return null // There is no such process.
  }
}

export async function readUsage(pids: readonly number[]): Promise<DynoUsage | null> {
  if (process.platform !== 'linux') return null
  // Both are the same on every Linux that Node runs on with 4 KiB pages; figures on the screen need no more.
  const [pageBytes, ticksPerSecond] = [4096, 100]
  const usages = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').then(parseStat, () => null)
      return stat ?? { residentPages: 0, cpuTicks: 0 }
    }),
  )
  const pages = usages.reduce((sum, usage) => sum + usage.residentPages, 0)
  const ticks = usages.reduce((sum, usage) => sum + usage.cpuTicks, 0)
  const memoryBytes = pages * pageBytes
  return { memoryBytes, rssBytes: memoryBytes, swapBytes: 0, cpuSeconds: ticks / ticksPerSecond, oomKills: 0 }
}

/** `1234 (node) S 1 1234 ...`; the name may hold blanks and brackets. Fields: proc_pid_stat(5). */
export function parseStat(text: string) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => fields[number - 3] ?? ''
  return {
    state: field(3),
    startTime: field(22),
    residentPages: Number(field(24)),
    cpuTicks: Number(field(14)) + Number(field(15)),
  }
}

async function belongs(name: string, mark: TreeMark): Promise<boolean> {
  try {
    if (mark.pidNamespace !== null) return (await readlink(`/proc/${name}/ns/pid`)) === mark.pidNamespace
    const environment = await readFile(`/proc/${name}/environ`, 'latin1')
    return environment.split('\0').includes(`${dynoIdVariable}=${mark.dynoId}`)
  } catch {
    return false // It belongs to another user, or ended meanwhile.
  }
}

async function findDescendants(rootPid: number): Promise<number[]> {
  const { stdout } = await runCommand(['ps', '-A', '-o', 'pid=,ppid=,pgid='])
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  const found = new Set([rootPid])
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const [pid = 0, parent = 0, group = 0] of rows) if (found.has(parent) || group === rootPid) found.add(pid)
  }
  return [...found].filter((pid) => rows.some(([other]) => other === pid))
}
