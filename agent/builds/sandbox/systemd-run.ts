import type { SandboxJob } from '../../core/ports/sandbox.ts'
import type { CommandLine } from '../../exec/command.ts'
import { renderTransientUnit } from '../../exec/transient-unit.ts'

/** Where a job runs. */
export interface UnitPlace {
  readonly root: string
  readonly networkNamespacePath: string
}

/**
 * What a build's file systems say that they can't. With the first a disk is full in an instant, before anybody can see it coming;
 * programs write instead. The others would leave access lists and hidden text on a slug's files, of which its checksum knows
 * nothing, so that two apps with the same slug were not alone with theirs; copying programs leave them out.
 */
const pretendedUnsupported = ['fallocate', 'setxattr', 'lsetxattr', 'fsetxattr']

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
      `SystemCallFilter=~${pretendedUnsupported.map((call) => `${call}:EOPNOTSUPP`).join(' ')}`,
      'UMask=0022',
      // What a build leaves running is not asked to end: one that does not would make a failure of a build that went well.
      'KillSignal=SIGKILL',
      'TimeoutStopSec=2',
      ...job.binds.map(({ from, to, writable }) => `${writable ? 'BindPaths' : 'BindReadOnlyPaths'}=${from}:${to}`),
    ],
    environment: job.environment,
    command: job.command,
  })
}
