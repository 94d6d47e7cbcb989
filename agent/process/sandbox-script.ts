/** The last steps of both scripts below: the command's own variables, and a user namespace without any power. */
const becomeCommand = `for hearth_name in "\${!HEARTH_VAR_@}"; do
  declare -gx "\${hearth_name#HEARTH_VAR_}=\${!hearth_name}" 2>/dev/null
  unset "$hearth_name"
done
unset hearth_name
/usr/bin/unshare --user --map-user=1000 --map-group=1000 -- /usr/bin/setpriv --no-new-privs -- "$@"
# Not to be replaced by the command: as PID 1 it would be deaf to signals, and nobody would reap orphans.
exit $?
`

/**
 * Makes a dyno's root out of namespaces, as the user who runs the agent: run by bash as
 * `bash -c <script> sandbox <base> <app> <layer>... -- <command>...` inside new user, mount, PID, IPC and UTS namespaces.
 * `base` is an empty folder. The environment comes in variables named `HEARTH_VAR_<name>`: the dyno's own names (PATH,
 * LD_PRELOAD) must not act on the commands here. Descriptor 3 gets `ready own` or what went wrong.
 *
 * The root is read-only parts of the machine, `/app` as an overlay over the slug, and private /tmp, /run and /dev/shm. The
 * homes, /var and /root of the machine are not there. At the end a second user namespace takes away the power to mount.
 */
export const sandboxScript = `set -e
exec 4>&2 2>&3
base=$1 app=$2; shift 2
mount -t tmpfs -o mode=755 hearth "$base"
cd "$base"
mkdir upper work tmp vartmp run shm lower lower/app root; chmod 1777 tmp vartmp shm
# Bound to plain names first: a colon or comma in a path would end it in the options of an overlay.
mount --bind "$app" lower/app
layers=()
while [ "$1" != -- ]; do
  mkdir "lower/\${#layers[@]}"; mount --bind "$1" "lower/\${#layers[@]}"
  layers+=("lower/\${#layers[@]}"); shift
done
shift
root=$base/root
mkdir -p root/{app,proc,sys,dev,tmp,var/tmp,run,.old}
mount --bind root root
for name in usr bin sbin lib lib32 lib64 libx32 etc opt nix; do
  if [ -L /$name ]; then cp -P /$name root/$name; continue; fi
  [ -d /$name ] || continue
  mkdir root/$name
  lowers=
  for layer in "\${layers[@]}"; do if [ -d $layer/$name ]; then lowers+=$layer/$name:; fi; done
  if [ -n "$lowers" ]; then mount -t overlay -o lowerdir=$lowers/$name,userxattr layers root/$name; continue; fi
  mount --rbind /$name root/$name
  mount -o remount,bind,ro root/$name || mount -o remount,bind,ro,nosuid,nodev root/$name
done
mount -t overlay -o lowerdir=lower/app,upperdir=upper,workdir=work,userxattr app root/app
mount --bind tmp root/tmp; mount --bind vartmp root/var/tmp
resolver=$(readlink -f /etc/resolv.conf || true)
case $resolver in /run/*) mkdir -p ".$(dirname "$resolver")"; cp "$resolver" ".$resolver";; esac
mount --bind run root/run
printf '%s\\n' root:x:0:0::/root:/bin/sh dyno:x:1000:1000::/app:/bin/bash nobody:x:65534:65534::/:/bin/false >passwd
printf '%s\\n' root:x:0: dyno:x:1000: nogroup:x:65534: >group
mount --bind passwd root/etc/passwd; mount --bind group root/etc/group
mount -t proc proc root/proc
mount --rbind /sys root/sys
mkdir root/dev/shm root/dev/pts
for name in null zero full random urandom tty; do : >root/dev/$name; mount --bind /dev/$name root/dev/$name; done
mount --rbind /dev/pts root/dev/pts; mount --bind shm root/dev/shm
ln -s pts/ptmx root/dev/ptmx; ln -s /proc/self/fd root/dev/fd
ln -s fd/0 root/dev/stdin; ln -s fd/1 root/dev/stdout; ln -s fd/2 root/dev/stderr
cd root
pivot_root . .old
umount -l /.old
mount -o remount,bind,ro /
cd /app
echo "ready own" >&3
exec 2>&4 3>&- 4>&-
set +e
unset base app layers root lowers layer resolver name
${becomeCommand}`

/**
 * Runs a command inside a dyno's sandbox, in whose namespaces it has been put: `bash -c <script> inside <command>...`, with
 * the environment as above. Descriptor 3 gets `ready shared`: the PID namespace is the dyno's.
 */
export const insideScript = `echo "ready shared" >&3
exec 3>&-
${becomeCommand}`
