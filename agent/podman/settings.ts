/**
 * Podman's settings for dynos, instead of the server's own: what its administrator chose for other containers is not ours to
 * depend on. Keys: containers.conf(5), containers-storage.conf(5). Its database goes where podman puts it by itself, below
 * `graphroot`: the command that it leaves behind for the end of a container looks nowhere else.
 */
export function renderContainersConf(folder: string): string {
  return [
    '[containers]',
    `seccomp_profile = "${folder}/seccomp.json"`,
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "none"',
    // Locks in shared memory would be those of the server's other containers too.
    'lock_type = "file"',
    'runtime = "crun"',
    `tmp_dir = "${folder}/tmp"`,
    '',
  ].join('\n')
}

/** Nothing is copied into it: a dyno's root is mounted before podman hears of it. */
export function renderStorageConf(folder: string): string {
  return ['[storage]', 'driver = "vfs"', `graphroot = "${folder}/storage"`, `runroot = "${folder}/run"`, ''].join('\n')
}
