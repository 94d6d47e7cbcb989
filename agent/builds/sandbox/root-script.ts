/** So many users an image may have; no image that works elsewhere has more. */
const users = 65_536

/**
 * Run by the server's root in a unit: makes a user namespace in which numbers from 0 up are `firstUid` and those after it on
 * the server, and runs the command as its root, with mounts of its own. Whatever that root does, on the server it is a user
 * that owns nothing and may nothing. Parameters: the first number, the command.
 */
export const rootScript = `set -eu
first=$1
shift
unshare --user sleep infinity &
holder=$!
own=$(readlink /proc/self/ns/user)
until [ "$(readlink "/proc/$holder/ns/user")" != "$own" ]; do sleep 0.01; done
echo "0 $first ${users}" >"/proc/$holder/uid_map"
echo "0 $first ${users}" >"/proc/$holder/gid_map"
exec nsenter --user="/proc/$holder/ns/user" --setuid=0 --setgid=0 -- unshare --mount --ipc --uts -- "$@"
`

/** A job as that root, who sees no process but the job's own. */
export function renderRootCommand(firstUid: number, command: readonly string[]): [string, ...string[]] {
  const apart = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const
  return [...apart, 'bash', '-c', rootScript, 'sandbox', String(firstUid), ...command]
}
