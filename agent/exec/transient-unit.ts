import { readFile } from 'node:fs/promises'
import { type CommandLine, runCommand } from './command.ts'

/** A program that systemd runs once, apart from the rest of the machine. */
export interface TransientUnit {
  /** `hearth-build-1.service` */
  readonly name: string
  readonly slice: string
  readonly description: string
  readonly user: string
  readonly directory: string
  readonly limits: UnitLimits
  /** What it has besides limits and confinement: its root, binds, network. `Name=value` */
  readonly properties: readonly string[]
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly command: CommandLine
  /** It begins as the server's root, to make a user namespace and go on in that. */
  readonly makesNamespace?: boolean
}

export interface UnitLimits {
  readonly memoryBytes: number
  readonly maximumTasks: number
  readonly timeoutMs: number
}

export type UnitEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly by: 'memory' | 'time' | 'signal' }

/** The same as a dyno's, measured in the field: what no untrusted work may do. */
const confinement = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'PrivateDevices=yes',
  'PrivateUsers=yes',
  'PrivateIPC=yes',
  'ProtectProc=invisible',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @obsolete @debug @keyring',
  // GNU make gives its children the user that it has itself, and starts none where that is refused. No other can be had: there are no
  // capabilities, and none to come.
  'SystemCallFilter=@setuid',
  'SystemCallErrorNumber=EPERM',
  'InaccessiblePaths=-/sys/kernel -/sys/firmware -/sys/fs/bpf',
  'TemporaryFileSystem=/dev/shm:size=64m,mode=1777 /run:size=8m,mode=755',
] as const

/**
 * What is left to a namespace's root: mounts, and users of its own. A network namespace it can't make, so the kernel's firewall
 * is out of its reach; and devices, modules, keys, debugging and BPF are for nobody. It may leave still less to what it runs (`seccomp`).
 */
const namespaceConfinement = [
  'PrivateDevices=yes',
  'PrivateIPC=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'RestrictNamespaces=~net cgroup',
  'RestrictRealtime=yes',
  'LockPersonality=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @mount seccomp',
  'SystemCallFilter=~@obsolete @debug @keyring @clock @module @raw-io @reboot @swap',
  'SystemCallErrorNumber=EPERM',
  'InaccessiblePaths=-/sys/kernel -/sys/firmware -/sys/fs/bpf',
  'TemporaryFileSystem=/dev/shm:size=64m,mode=1777 /run:size=64m,mode=1777',
] as const

/**
 * The command that runs a unit with the caller's standard streams and waits for its end; its status is the program's.
 * NOTE: nothing secret may stand here, since any user of the server can read a unit's properties.
 */
export function renderTransientUnit(unit: TransientUnit): CommandLine {
  const confined = unit.makesNamespace ? namespaceConfinement : confinement
  // What the unit adds stands last: the first filter of system calls decides whether those of a list are allowed or refused.
  const properties = [`User=${unit.user}`, ...renderLimits(unit.limits), ...confined, ...unit.properties]
  return [
    'systemd-run',
    '--quiet',
    '--wait',
    '--pipe',
    `--unit=${unit.name}`,
    `--slice=${unit.slice}`,
    `--description=${unit.description}`,
    `--working-directory=${unit.directory}`,
    ...properties.map((property) => `--property=${property}`),
    ...Object.entries(unit.environment).map(([name, value]) => `--setenv=${name}=${value}`),
    '--',
    // systemd expands $NAME in the arguments of a unit; a doubled sign is one.
    ...unit.command.map((parameter) => parameter.replaceAll('$', '$$$$')),
  ]
}

/** Live apps must not feel such work. */
function renderLimits(limits: UnitLimits): string[] {
  return [
    'CPUWeight=20',
    'IOWeight=20',
    'Nice=10',
    `MemoryMax=${limits.memoryBytes}`,
    'MemorySwapMax=0',
    'OOMPolicy=kill',
    `TasksMax=${limits.maximumTasks}`,
    `RuntimeMaxSec=${Math.ceil(limits.timeoutMs / 1000)}`,
    'LimitCORE=0',
  ]
}

/** How a unit ended that did not end well; it stays loaded until it is forgotten here. */
export async function readUnitEnd(unit: string, status: number): Promise<UnitEnd> {
  const { stdout } = await runCommand(['systemctl', 'show', unit, '--property=Result,ExecMainStatus'])
  await runCommand(['systemctl', 'reset-failed', unit], { expectedStatuses: [1, 5] })
  const result = /^Result=(.*)$/m.exec(stdout)?.[1]
  switch (result) {
    case 'oom-kill':
      return { kind: 'killed', by: 'memory' }
    case 'timeout':
      return { kind: 'killed', by: 'time' }
    case 'signal':
      // Without cgroup version 2 a unit over its limit just looks killed; nobody else kills it with SIGKILL.
      return { kind: 'killed', by: /^ExecMainStatus=9$/m.test(stdout) ? 'memory' : 'signal' }
    default:
      return status === 137 ? { kind: 'killed', by: 'memory' } : { kind: 'exited', status }
  }
}

/** What the kernel has done to a unit's processes because of its limits. */
export interface UnitRefusals {
  /** A process or thread more, because of `maximumTasks`. */
  readonly tasks: number
  /** Processes that it has ended for want of memory. Version 1 of its control groups lets the others of the unit live. */
  readonly kills: number
}

/** All 0 when the unit is not there. */
export async function countRefusals(slice: string, unit: string): Promise<UnitRefusals> {
  // `hearth-builds.slice` lies within `hearth.slice`.
  const words = slice.replace('.slice', '').split('-')
  const parents = words.map((_, index) => `${words.slice(0, index + 1).join('-')}.slice`)
  const place = [...parents, unit].join('/')
  const [tasks, legacyTasks, kills, legacyKills] = await Promise.all([
    readCount(`${place}/pids.events`, 'max'),
    readCount(`pids/${place}/pids.events`, 'max'),
    readCount(`${place}/memory.events`, 'oom_kill'),
    readCount(`memory/${place}/memory.oom_control`, 'oom_kill'),
  ])
  return { tasks: tasks + legacyTasks, kills: kills + legacyKills }
}

/** `max 3`, on a line of its own; 0 where there is no such file. */
async function readCount(file: string, name: string): Promise<number> {
  const text = await readFile(`/sys/fs/cgroup/${file}`, 'utf8').catch(() => '')
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}
