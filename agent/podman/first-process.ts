import { bootScript } from '../core/dynos/dyno-environment.ts'

/** Where a container finds what is given to it to read, and the stack that is lent to an image. */
export const givenInside = '/run/dyno'
export const stackInside = '/run/hearth'
export const startedFile = 'started'

/** How the first process and its command are run. */
interface Shell {
  /** Words that run bash. */
  readonly bash: readonly string[]
  readonly sleep: readonly string[]
  readonly bootScript: string
  readonly directory: string
}

export const stackShell: Shell = { bash: ['/bin/bash'], sleep: ['/bin/sleep'], bootScript, directory: '/app' }

/**
 * The stack's own bash in an image that may have none, nor a C library that it could run with: so the stack's loader is
 * called by name. What it starts finds the image's libraries, as nothing of this is in the environment.
 */
export function lentShell(directory: string, architecture = process.arch): Shell {
  const [triplet, loader] =
    architecture === 'arm64'
      ? ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1']
      : ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2']
  // Where the package has it: /lib64 leads there by a link that would be the image's.
  const libraries = `${stackInside}/usr/lib/${triplet}`
  const run = (program: string) => [
    `${libraries}/${loader}`,
    '--library-path',
    libraries,
    `${stackInside}/usr/bin/${program}`,
  ]
  return { bash: run('bash'), sleep: run('sleep'), bootScript: renderImageBoot(run('bash')), directory }
}

/** As a dyno's own, without profiles: an image has its environment in itself. */
function renderImageBoot(bash: readonly string[]): string {
  return `cd "$1" || exit 1
[ -p /dev/fd/1 ] && exec 9<>/dev/fd/1
exec ${bash.join(' ')} -c "$2"
`
}

/**
 * The container's first process: `bash -c <script> dyno <exports> <boot script> <command> <together|apart> <directory>`. As the
 * first of its namespace it would be deaf to SIGTERM if it were the app, and what nobody waits for would stay a zombie. It passes
 * no signal on: systemd sends them to every process of a unit, and an app that hears SIGTERM twice may take that for haste.
 * It ends only when systemd has heard of it, for otherwise its status would go to nobody.
 */
export function renderFirstProcess(
  shell: Shell,
  { id, command, errors }: { id: string; command: string; errors: 'together' | 'apart' },
): string[] {
  const script = `trap : HUP INT QUIT TERM USR1 USR2
for hearth_name in $(compgen -e); do unset "$hearth_name"; done
unset hearth_name
[ "$4" = together ] && exec 2>&1
. "$1" 2>/dev/null
exec 3>&2 2>/dev/null
${shell.bash.join(' ')} -c "$2" dyno "$5" "$3" 2>&3 3>&-
set -- $?
until [ -e ${givenInside}/${startedFile} ]; do ${shell.sleep.join(' ')} 0.01; done
exit "$1"
`
  const parameters = [`${givenInside}/${id}`, shell.bootScript, command, errors, shell.directory]
  return [...shell.bash, '-c', script, 'dyno', ...parameters]
}
