import type { SandboxJob } from '../../core/ports/sandbox.ts'
import type { CommandLine } from '../../exec/command.ts'

/** The same as a dyno's, measured in the field: what a build may not do either. */
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
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @obsolete @debug @keyring',
  'SystemCallErrorNumber=EPERM',
  'InaccessiblePaths=-/sys/kernel -/sys/firmware -/sys/fs/bpf',
  'TemporaryFileSystem=/dev/shm:size=64m,mode=1777 /run:size=8m,mode=755',
] as const

/** Where a job runs. */
export interface UnitPlace {
  readonly root: string
  readonly networkNamespacePath: string
}

/**
 * The command that runs a job as a transient unit and waits for it.
 * NOTE: nothing secret may stand here, since any user of the server can read a unit's properties.
 */
export function renderSystemdRun(
  options: UnitPlace & { readonly job: SandboxJob; readonly unit: string; readonly user: string },
): CommandLine {
  const { job, unit, root, networkNamespacePath, user } = options
  const { limits } = job
  const properties = [
    `RootDirectory=${root}`,
    'MountAPIVFS=yes',
    `NetworkNamespacePath=${networkNamespacePath}`,
    `User=${user}`,
    'UMask=0022',
    ...job.binds.map(({ from, to, writable }) => `${writable ? 'BindPaths' : 'BindReadOnlyPaths'}=${from}:${to}`),
    // Live apps must not feel a build.
    'CPUWeight=20',
    'IOWeight=20',
    'Nice=10',
    `MemoryMax=${limits.memoryBytes}`,
    'MemorySwapMax=0',
    'OOMPolicy=kill',
    `TasksMax=${limits.maximumTasks}`,
    `RuntimeMaxSec=${Math.ceil(limits.timeoutMs / 1000)}`,
    'TimeoutStopSec=2',
    'LimitCORE=0',
    ...confinement,
  ]
  return [
    'systemd-run',
    '--quiet',
    '--wait',
    '--pipe',
    `--unit=${unit}`,
    '--slice=hearth-builds.slice',
    `--description=Hearth build ${job.id}`,
    `--working-directory=${job.directory}`,
    ...properties.map((property) => `--property=${property}`),
    ...Object.entries(job.environment).map(([name, value]) => `--setenv=${name}=${value}`),
    '--',
    // systemd expands $NAME in the arguments of a unit; a doubled sign is one.
    ...job.command.map((parameter) => parameter.replaceAll('$', '$$$$')),
  ]
}
