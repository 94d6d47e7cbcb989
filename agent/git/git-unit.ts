import type { CommandLine } from '../exec/command.ts'
import { renderTransientUnit } from '../exec/transient-unit.ts'
import { renderGitEnvironment } from './git-environment.ts'
import type { GitJob } from './git-sandbox.ts'

const gigabyte = 1024 * 1024 * 1024

/** Where things are in a unit's own root. */
const inside = { repository: '/repository', setup: '/hearth/git', push: '/hearth/push' } as const

/** The folders of the empty root; everything in it is bound over them. */
export const rootFolders = [
  ...['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc', 'dev', 'proc', 'sys', 'run', 'tmp', 'var/tmp'],
  ...Object.values(inside).map((place) => place.slice(1)),
]

/** The server's own programs, and of its files nothing else. Which of them there are depends on the distribution. */
const programs = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives']

/** The command that runs one job of git as a unit: no network, one repository, and nothing else to write or read. */
export function renderGitUnit(options: {
  readonly unit: string
  readonly user: string
  readonly root: string
  readonly setup: string
  readonly job: GitJob
}): CommandLine {
  const { unit, user, root, setup, job } = options
  return renderTransientUnit({
    name: unit,
    slice: 'hearth-git.slice',
    description: `Hearth git ${job.id}`,
    user,
    directory: inside.repository,
    limits: { ...job.limits, maximumTasks: 64 },
    properties: [
      `RootDirectory=${root}`,
      'MountAPIVFS=yes',
      'PrivateNetwork=yes',
      'RestrictAddressFamilies=AF_UNIX',
      'UMask=0077',
      'TimeoutStopSec=5',
      // A single file of this size is no pack that we would take.
      `LimitFSIZE=${4 * gigabyte}`,
      'LimitNOFILE=1024',
      'TemporaryFileSystem=/tmp:size=64m,mode=1777 /var/tmp:size=1m,mode=1777',
      ...programs.map((place) => `BindReadOnlyPaths=-${place}`),
      `BindReadOnlyPaths=${setup}:${inside.setup}`,
      ...(job.push === null ? [] : [`BindReadOnlyPaths=${job.push}:${inside.push}`]),
      `${job.isReadOnly ? 'BindReadOnlyPaths' : 'BindPaths'}=${job.repository}:${inside.repository}`,
    ],
    environment: {
      ...renderGitEnvironment({ setup: inside.setup, push: job.push === null ? null : inside.push }),
      ...job.environment,
    },
    command: job.command,
  })
}
