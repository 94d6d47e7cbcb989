import type { DynoSpec } from '../ports/dynos/dyno-runner.ts'

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The whole environment of a dyno: what the runner adds when it is missing, and its own on top. */
export function completeEnvironment(
  spec: Pick<DynoSpec, 'environment' | 'terminal'>,
  own: { home: string; port: number | null; path?: string; extra?: Readonly<Record<string, string>> },
): Record<string, string> {
  return {
    HOME: own.home,
    PATH: own.path ?? defaultPath,
    ...(spec.terminal?.kind === 'pty' ? { TERM: 'xterm-256color' } : {}),
    ...own.extra,
    ...spec.environment.reveal(),
    // The router asks at this port: an app's own PORT would only make its dynos unreachable.
    ...(own.port === null ? {} : { PORT: String(own.port) }),
  }
}

/**
 * What every dyno runs first, with bash: `bash -c <script> dyno <folder> <command>`. It reads the profiles that buildpacks
 * and the app left, and becomes the command. Descriptor 9 holds the log's pipe open for reading too, so that a dyno can
 * write while the agent restarts; it is absent where standard output is no pipe.
 */
export const bootScript = `cd "$1" || exit 1
[ -p /dev/fd/1 ] && exec 9<>/dev/fd/1
for hearth_profile in .profile.d/*.sh .profile; do
  [ -r "$hearth_profile" ] && . "./$hearth_profile"
done
unset hearth_profile
exec bash -c "$2"
`
