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
  'SystemCallErrorNumber=EPERM',
  'InaccessiblePaths=-/sys/kernel -/sys/firmware -/sys/fs/bpf',
  'TemporaryFileSystem=/dev/shm:size=64m,mode=1777 /run:size=8m,mode=755',
] as const

/**
 * The command that runs a unit with the caller's standard streams and waits for its end; its status is the program's.
 * NOTE: nothing secret may stand here, since any user of the server can read a unit's properties.
 */
export function renderTransientUnit(unit: TransientUnit): CommandLine {
  const properties = [`User=${unit.user}`, ...unit.properties, ...renderLimits(unit.limits), ...confinement]
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

/** How often a unit was refused a process or thread more because of `maximumTasks`; 0 when it is not there. */
export async function countRefusedTasks(slice: string, unit: string): Promise<number> {
  // `hearth-builds.slice` lies within `hearth.slice`.
  const words = slice.replace('.slice', '').split('-')
  const parents = words.map((_, index) => `${words.slice(0, index + 1).join('-')}.slice`)
  const place = `${[...parents, unit].join('/')}/pids.events`
  // Where a server's kernel keeps such limits by version 2 of its control groups, and by version 1.
  for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/pids']) {
    const events = await readFile(`${root}/${place}`, 'utf8').catch(() => null)
    if (events !== null) return Number(/^max (\d+)$/m.exec(events)?.[1] ?? 0)
  }
  return 0
}
