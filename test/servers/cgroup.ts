import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

const parentName = 'hearth-test-servers'

interface Tree {
  path: string
  version: 1 | 2
  /** As /proc/PID/cgroup names it: `memory`, `cpu,cpuacct`, `systemd`; empty with version 2. */
  controllers: string
}

/** Mount points of the host's cgroup trees: one a controller with version 1, one in all with version 2. */
function trees(): Tree[] {
  // 30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line): Tree[] => {
      const [mount, source] = line.split(' - ')
      const path = mount?.split(' ')[4]
      const [kind, , options = ''] = source?.split(' ') ?? []
      if (path && kind === 'cgroup2') return [{ path, version: 2, controllers: '' }]
      if (!path || kind !== 'cgroup') return []
      return [{ path, version: 1, controllers: controllersIn(options) }]
    })
}

/** `rw,cpu,cpuacct` or `rw,xattr,name=systemd` */
function controllersIn(options: string): string {
  const own = options
    .split(',')
    .filter((option) => !['rw', 'ro', 'xattr', 'noprefix', 'clone_children'].includes(option))
  return own.map((option) => option.replace(/^name=/, '')).join(',')
}

const groupsOf = (name: string): string[] => trees().map(({ path }) => join(path, parentName, name))

/** A cgroup of its own in every tree; returns their paths. */
export function createCgroups(name: string, memoryBytes?: number): string[] {
  for (const { path, version } of trees()) {
    const parent = join(path, parentName)
    const group = join(parent, name)
    mkdirSync(group, { recursive: true })
    if (version === 2) delegate(path, parent)
    // A cpuset starts empty and takes no process until it is filled, from the top down.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) inherit(file, path, parent, group)
    if (memoryBytes) limitMemory(group, memoryBytes)
  }
  return groupsOf(name)
}

function delegate(...dirs: string[]): void {
  for (const dir of dirs) {
    const controllers = readFileSync(join(dir, 'cgroup.controllers'), 'utf8').trim().split(' ').filter(Boolean)
    if (controllers.length > 0)
      writeFileSync(join(dir, 'cgroup.subtree_control'), controllers.map((c) => `+${c}`).join(' '))
  }
}

function inherit(file: string, ...dirs: string[]): void {
  const [top, ...below] = dirs
  if (!top || !existsSync(join(top, file))) return
  for (const dir of below) {
    if (readFileSync(join(dir, file), 'utf8').trim() === '')
      writeFileSync(join(dir, file), readFileSync(join(top, file)))
  }
}

function limitMemory(group: string, bytes: number): void {
  for (const file of ['memory.limit_in_bytes', 'memory.max']) {
    if (existsSync(join(group, file))) writeFileSync(join(group, file), String(bytes))
  }
}

/** Bytes that a machine's processes and its file systems in memory hold; what the kernel only caches is left out. */
export function readMemory(name: string): number {
  const figures = groupsOf(name).flatMap((group) => {
    const file = join(group, 'memory.stat')
    return existsSync(file) ? [parseStat(readFileSync(file, 'utf8'))] : []
  })
  const [stat] = figures
  if (!stat) throw new Error(`nobody counts the memory of ${name}`)
  return (stat.total_rss ?? stat.anon ?? 0) + (stat.total_shmem ?? stat.shmem ?? 0)
}

/** `total_rss 4096` a line. */
function parseStat(text: string): Record<string, number> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
  )
}

/** The cgroups that a process is in, as folders: `4:memory:/a/b`, `0::/a/b` with version 2. */
export function cgroupsOf(pid: number): string[] {
  const paths = new Map<string, string>()
  for (const line of readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n')) {
    const [, controllers = '', ...path] = line.split(':')
    paths.set(controllers.replace(/^name=/, ''), path.join(':'))
  }
  return trees().flatMap(({ path, controllers }) => {
    const group = paths.get(controllers)
    return group === undefined ? [] : [join(path, group)]
  })
}

/** All processes of a machine, its launcher included. */
export function processesOf(name: string): number[] {
  return [...new Set(groupsOf(name).flatMap(readProcesses))]
}

function readProcesses(group: string): number[] {
  try {
    const own = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
    const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    return [...own, ...below.flatMap((entry) => readProcesses(join(group, entry.name)))]
  } catch {
    // The group went away while it was read, and its processes with it.
    return []
  }
}

/** Once all processes are gone. */
export async function removeCgroups(name: string): Promise<void> {
  const groups = groupsOf(name)
  await eventually(() => groups.every(removeTree), 20_000, `the cgroups of ${name} don't go away`)
  for (const { path } of trees()) removeEmpty(join(path, parentName))
}

function removeTree(group: string): boolean {
  if (!existsSync(group)) return true
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(group, entry.name))
  }
  return removeEmpty(group)
}

function removeEmpty(group: string): boolean {
  try {
    rmdirSync(group)
    return true
  } catch {
    // Busy for a moment after its last process, or with other machines' groups in it: the caller looks again.
    return !existsSync(group)
  }
}
