import path from 'node:path'
import { bootScript } from '../core/dyno-environment.ts'
import type { ContainerCommand, ContainerPlace, EngineCommand } from '../core/ports/container-engine.ts'

/** Where distributions put it; a unit's command has its whole path. */
export const podmanProgram = '/usr/bin/podman'
export const containerOf = (dynoId: string) => `hearth-${dynoId}`

/** What a container is given to read, on the server and inside. */
export const givenOf = (folder: string) => path.join(folder, 'given')
const givenInside = '/run/dyno'
export const startedFile = 'started'

/**
 * The container's first process: `bash -c <script> dyno <exports> <boot script> <command> <together|apart>`. As the first of
 * its namespace it would be deaf to SIGTERM if it were the app, and what nobody waits for would stay a zombie. It passes
 * no signal on: systemd sends them to every process of a unit, and an app that hears SIGTERM twice may take that for haste.
 * It ends only when systemd has heard of it, for otherwise its status would go to nobody.
 */
const firstScript = `trap : HUP INT QUIT TERM USR1 USR2
for hearth_name in $(compgen -e); do unset "$hearth_name"; done
unset hearth_name
[ "$4" = together ] && exec 2>&1
. "$1" 2>/dev/null
exec 3>&2 2>/dev/null
/bin/bash -c "$2" dyno /app "$3" 2>&3 3>&-
set -- $?
until [ -e ${givenInside}/${startedFile} ]; do /bin/sleep 0.01; done
exit "$1"
`

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
    ...['--unsetenv-all', '--workdir', '/app'],
    ...['--tmpfs', '/run:size=8m,mode=755', '--shm-size', '64m'],
    ...['--volume', `${givenOf(place.folder)}:${givenInside}:ro`],
    ...['--rootfs', place.rootDirectory],
    ...renderFirst(command),
  ]
}

/** A command in the container of a dyno that runs. */
export function renderInside(
  { id, uid }: Pick<ContainerPlace, 'id' | 'uid'>,
  command: ContainerCommand,
): EngineCommand['command'] {
  return [
    podmanProgram,
    'exec',
    '--interactive',
    ...(command.terminal?.kind === 'pty' ? ['--tty'] : []),
    ...['--detach-keys', '', '--user', `${uid}:${uid}`, '--workdir', '/app'],
    containerOf(id),
    ...renderFirst(command),
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
  // Inside there are these two users and no others; what root may do there it may do to the container alone.
  const maps = ['--uidmap', '--gidmap'].flatMap((map) => [map, '0:0:1', map, `${uid}:${uid}:1`])
  return [
    ...['--network', `ns:${networkNamespacePath}`],
    ...['--user', `${uid}:${uid}`, ...maps],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
    // As the server has them: a program that sizes itself finds its own limit there.
    ...['--cgroupns', 'host', ...controlGroups.flatMap((place) => ['--volume', `${place}:${place}:ro`])],
    ...['--cgroups', 'disabled', '--ulimit', 'host', '--oom-score-adj', '500'],
  ]
}

function renderFirst({ id, command, terminal }: ContainerCommand): string[] {
  const errors = terminal?.kind === 'pipes' && !terminal.areErrorsApart ? 'together' : 'apart'
  return ['/bin/bash', '-c', firstScript, 'dyno', `${givenInside}/${id}`, bootScript, command, errors]
}
