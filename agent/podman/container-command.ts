import path from 'node:path'
import type {
  ContainerCommand,
  ContainerPlace,
  EngineCommand,
  InsidePlace,
} from '../core/ports/dynos/container-engine.ts'
import { givenInside, lentShell, renderFirstProcess, stackInside, stackShell } from './first-process.ts'

/** Where distributions put it; a unit's command has its whole path. */
export const podmanProgram = '/usr/bin/podman'
export const containerOf = (dynoId: string) => `hearth-${dynoId}`

/** What a container is given to read, on the server. */
export const givenOf = (folder: string) => path.join(folder, 'given')

/**
 * The container of a dyno. Its limits are those of the unit, in whose control group it stays. `controlGroups`: where the server
 * has the files of those, `/sys/fs/cgroup` and what is mounted below it.
 */
export function renderRun(
  place: ContainerPlace,
  command: ContainerCommand,
  controlGroups: readonly string[],
): EngineCommand['command'] {
  return [
    podmanProgram,
    'run',
    ...['--name', containerOf(place.id)],
    ...renderStreams(command),
    ...renderConfinement(place, controlGroups),
    ...['--hostname', place.hostName, '--no-hosts', '--dns', 'none', '--passwd=false'],
    '--unsetenv-all',
    ...renderRoot(place),
    ...['--shm-size', '64m'],
    ...['--volume', `${givenOf(place.folder)}:${givenInside}:ro`],
    ...['--rootfs', place.rootDirectory],
    ...renderFirst(place, command),
  ]
}

/** A command in the container of a dyno that runs. */
export function renderInside(place: InsidePlace, command: ContainerCommand): EngineCommand['command'] {
  return [
    podmanProgram,
    'exec',
    '--interactive',
    ...(command.terminal?.kind === 'pty' ? ['--tty'] : []),
    ...['--detach-keys', '', '--user', userInside(place), '--workdir', place.image ? '/' : '/app'],
    containerOf(place.id),
    ...renderFirst(place, command),
  ]
}

/**
 * With a terminal podman stays and passes on what is typed, but no signal: systemd and the terminal send them to all processes
 * themselves, and one that is passed on to a program that ends just then is an error on the user's screen. Otherwise the dyno has
 * the unit's own streams.
 */
function renderStreams({ terminal }: ContainerCommand): string[] {
  if (terminal?.kind === 'pty')
    return [
      '--interactive',
      '--tty',
      '--sig-proxy=false',
      '--detach-keys',
      '',
      '--log-driver',
      'none',
      '--sdnotify',
      'ignore',
    ]
  const input = terminal === null ? [] : ['--interactive']
  return ['--detach', ...input, '--log-driver', 'passthrough', '--sdnotify', 'conmon']
}

function renderConfinement(place: ContainerPlace, controlGroups: readonly string[]): string[] {
  const { uid, networkNamespacePath } = place
  const inside = place.image?.uid ?? uid
  // Inside there are these two users and no others; what root may do there it may do to the container alone.
  const maps = ['--uidmap', '--gidmap'].flatMap((map) => [map, '0:0:1', map, `${inside}:${uid}:1`])
  return [
    ...['--network', `ns:${networkNamespacePath}`],
    ...['--user', userInside(place), ...maps],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
    // As the server has them: a program that sizes itself finds its own limit there.
    ...['--cgroupns', 'host', ...controlGroups.flatMap((place) => ['--volume', `${place}:${place}:ro`])],
    ...['--cgroups', 'disabled', '--ulimit', 'host', '--oom-score-adj', '500'],
  ]
}

/** An image keeps what it has in /run, and may have no folder to begin in before its first process looks. */
function renderRoot({ image }: ContainerPlace): string[] {
  if (!image) return ['--workdir', '/app', '--tmpfs', '/run:size=8m,mode=755']
  const files = ['/etc/hosts', '/etc/resolv.conf'].map(
    (file) => `${path.join(image.identityDirectory, file)}:${file}:ro`,
  )
  const lent = [...files, `${image.stackDirectory}:${stackInside}:ro`]
  return ['--workdir', '/', ...lent.flatMap((volume) => ['--volume', volume])]
}

function userInside({ uid, image }: InsidePlace): string {
  const inside = image?.uid ?? uid
  return `${inside}:${inside}`
}

function renderFirst({ image }: InsidePlace, { id, command, terminal }: ContainerCommand): string[] {
  const shell = image ? lentShell(image.directory) : stackShell
  const errors = terminal?.kind === 'pipes' && !terminal.areErrorsApart ? 'together' : 'apart'
  return renderFirstProcess(shell, { id, command, errors })
}
