import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DynoLimits } from '../core/ports/dynos/dyno-runner.ts'
import type { CommandLine } from '../exec/command.ts'
import { readStartTime } from './process-tree.ts'
import { moveToScope } from './scope.ts'

/** A group of the kernel's for one dyno: what it uses is counted and limited with all that it starts. */
export interface DynoGroup {
  /** The command, run in the group. */
  wrap(command: CommandLine): CommandLine
  /** Processes that the kernel ended because of its memory. */
  countKills(): Promise<number>
  remove(): Promise<void>
}

/** Where the groups of this agent's dynos are made, or why there can be none. */
export type DynoGroups =
  | { readonly kind: 'groups'; make(dynoId: string, limits: DynoLimits): Promise<DynoGroup> }
  | { readonly kind: 'none'; readonly reason: string }

const mount = '/sys/fs/cgroup'
const prefix = 'hearth-dyno-'
/** Groups of several agents may lie side by side, so each bears its agent's number. */
const ownPrefix = `${prefix}${process.pid}-`
const removeTries = 50

/**
 * Groups below the agent's own: in a scope that systemd hands over (the user's or, for root, the system's), else where the
 * agent finds itself, if it may write there. Version 1 of the kernel's groups belongs to root alone.
 */
export async function openDynoGroups(): Promise<DynoGroups> {
  if (process.platform !== 'linux') return { kind: 'none', reason: 'only Linux limits groups of processes' }
  try {
    return (await isThere(`${mount}/cgroup.controllers`)) ? await openVersion2() : await openVersion1()
  } catch (error) {
    const { message } = error as Error
    return { kind: 'none', reason: message.replaceAll(/\s+/g, ' ').slice(0, 200) }
  }
}

async function openVersion2(): Promise<DynoGroups> {
  const refusal = await moveToScope()
  const base = await findOwn('')
  try {
    await takeOver(base)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`this user may not make groups of processes (${refusal ?? code ?? 'unknown'})`)
  }
  await removeLeft(base)
  return { kind: 'groups', make: (dynoId, limits) => makeVersion2(path.join(base, ownPrefix + dynoId), limits) }
}

/** A group that has groups below it may have no process itself, so the agent moves into one of its own. */
async function takeOver(base: string): Promise<void> {
  const own = path.join(base, `hearth-agent-${process.pid}`)
  await mkdir(own)
  try {
    await writeFile(path.join(own, 'cgroup.procs'), `${process.pid}`)
    await writeFile(path.join(base, 'cgroup.subtree_control'), '+memory +pids')
  } catch (error) {
    await writeFile(path.join(base, 'cgroup.procs'), `${process.pid}`).catch(() => {})
    await rmdir(own).catch(() => {})
    throw error
  }
}

async function makeVersion2(folder: string, { memoryMaximumBytes, maximumTasks }: DynoLimits): Promise<DynoGroup> {
  const write = (name: string, value: number) => writeFile(path.join(folder, name), `${value}`)
  await mkdir(folder)
  await write('memory.max', memoryMaximumBytes)
  // All of a dyno or nothing: half of one serves nobody.
  await write('memory.oom.group', 1)
  await write('pids.max', maximumTasks)
  // Where the kernel counts no swap there is none to forbid.
  await write('memory.swap.max', 0).catch(() => {})
  return groupIn(folder, 'memory.events')
}

async function openVersion1(): Promise<DynoGroups> {
  const base = await findOwn('memory')
  const make = async (dynoId: string, { memoryMaximumBytes }: Pick<DynoLimits, 'memoryMaximumBytes'>) => {
    const folder = path.join(base, ownPrefix + dynoId)
    await mkdir(folder)
    await writeFile(path.join(folder, 'memory.limit_in_bytes'), `${memoryMaximumBytes}`)
    return groupIn(folder, 'memory.oom_control')
  }
  await removeLeft(base)
  const trial = await make('trial', { memoryMaximumBytes: 2 ** 30 })
  await trial.remove()
  return { kind: 'groups', make }
}

/** The agent's own group; `0::/user.slice/...` of version 2 and `4:memory:/...` of version 1 in /proc/self/cgroup. */
async function findOwn(controller: '' | 'memory'): Promise<string> {
  const lines = (await readFile('/proc/self/cgroup', 'utf8')).split('\n')
  const own = lines.map((line) => line.split(':')).find(([, names]) => names?.split(',').includes(controller))
  const root = path.join(mount, controller)
  const folder = path.join(root, own?.slice(2).join(':') ?? '/')
  // In a container the path may be that of the machine outside.
  return (await isThere(path.join(folder, 'cgroup.procs'))) ? folder : root
}

function groupIn(folder: string, events: string): DynoGroup {
  return {
    wrap: (command) => ['/bin/sh', '-c', 'echo $$ >"$0" && exec "$@"', path.join(folder, 'cgroup.procs'), ...command],
    async countKills() {
      const text = await readFile(path.join(folder, events), 'utf8').catch(() => '')
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0)
    },
    async remove() {
      // The kernel still counts a process that has just ended.
      for (let tries = 0; tries < removeTries; tries++) {
        const error = await rmdir(folder).then(
          () => null,
          ({ code }: NodeJS.ErrnoException) => code,
        )
        if (error !== 'EBUSY') return
        await delay(20)
      }
    },
  }
}

/**
 * Those of agents that were killed. What another has just made is as empty, until its dyno's first process is in it: taken away
 * then, that dyno could not start.
 */
async function removeLeft(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (name.startsWith(prefix) && (await readStartTime(Number.parseInt(name.slice(prefix.length), 10))) === null)
      await rmdir(path.join(base, name)).catch(() => {})
  }
}

async function isThere(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  )
}
