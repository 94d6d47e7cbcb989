import type { SandboxJob } from '../../core/ports/sandbox.ts'
import type { CommandLine } from '../../exec/command.ts'
import { renderTransientUnit } from '../../exec/transient-unit.ts'

/** Where a job runs. */
export interface UnitPlace {
  readonly root: string
  readonly networkNamespacePath: string
}

/** The command that runs a job as a transient unit and waits for it. */
export function renderSystemdRun(
  options: UnitPlace & { readonly job: SandboxJob; readonly unit: string; readonly user: string },
): CommandLine {
  const { job, unit, root, networkNamespacePath, user } = options
  return renderTransientUnit({
    name: unit,
    slice: 'hearth-builds.slice',
    description: `Hearth build ${job.id}`,
    user,
    directory: job.directory,
    limits: job.limits,
    properties: [
      `RootDirectory=${root}`,
      'MountAPIVFS=yes',
      `NetworkNamespacePath=${networkNamespacePath}`,
      'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
      'UMask=0022',
      'TimeoutStopSec=2',
      ...job.binds.map(({ from, to, writable }) => `${writable ? 'BindPaths' : 'BindReadOnlyPaths'}=${from}:${to}`),
    ],
    environment: job.environment,
    command: job.command,
  })
}
