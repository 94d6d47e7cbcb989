import type { SandboxJob } from '../../core/ports/builds/sandbox.ts'
import type { CommandLine } from '../../exec/command.ts'
import { renderTransientUnit } from '../../exec/transient-unit.ts'
import { renderRootCommand } from './root-script.ts'

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
/**
 * What a build's file systems do not wait for: a build that failed is done again, and what came of one that went well is not its to keep.
 * The disk's queue is one for all, and the server's own state waits in it for each change: a build that flushes without end would slow
 * that, whatever its weight. The asynchronous ways to ask for the same are not there. See systemd.exec(5); 0 is success.
 */
const pretendedDone = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'msync']
const notThere = ['io_uring_setup', 'io_setup']
const waitForNoDisk = `SystemCallFilter=~${[...pretendedDone.map((call) => `${call}:0`), ...notThere.map((call) => `${call}:ENOSYS`)].join(' ')}`
const refuseUnsupported = `SystemCallFilter=~${pretendedUnsupported.map((call) => `${call}:EOPNOTSUPP`).join(' ')}`
/** Whom a job's files belong to. */
export interface JobAccount {
  readonly user: string
  readonly uid: number
  readonly gid: number
  /** The job is root of a user namespace, with this user and those after it on the server. */
  readonly makesNamespace: boolean
}

/** The command that runs a job as a transient unit and waits for it. */
export function renderSystemdRun(
  options: UnitPlace & { readonly job: SandboxJob; readonly unit: string; readonly account: JobAccount },
): CommandLine {
  const { job, unit, root, networkNamespacePath, account } = options
  return renderTransientUnit({
    name: unit,
    slice: 'hearth-builds.slice',
    description: `Hearth build ${job.id}`,
    user: account.makesNamespace ? 'root' : account.user,
    makesNamespace: account.makesNamespace,
    directory: job.directory,
    limits: job.limits,
    properties: [
      `RootDirectory=${root}`,
      'MountAPIVFS=yes',
      `NetworkNamespacePath=${networkNamespacePath}`,
      'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
      // Layers of images are told apart by such text, and have to be whole whatever happens.
      ...(account.makesNamespace ? [] : [refuseUnsupported, waitForNoDisk]),
      'UMask=0022',
      // What a build leaves running is not asked to end: one that does not would make a failure of a build that went well.
      'KillSignal=SIGKILL',
      'TimeoutStopSec=2',
      ...job.binds.map(({ from, to, writable }) => `${writable ? 'BindPaths' : 'BindReadOnlyPaths'}=${from}:${to}`),
    ],
    environment: job.environment,
    command: account.makesNamespace ? renderRootCommand(account.uid, job.command) : job.command,
  })
}
