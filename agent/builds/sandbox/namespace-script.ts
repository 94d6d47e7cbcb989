/**
 * Run by `unshare --user --map-root-user --mount --pid`, as that namespace's root: builds a root from the machine's own
 * folders, moves into it, and becomes the ordinary user again before the job's program starts.
 *
 * Parameters: root directory uid gid, count and names of hidden directories, count of binds and from, to, mode of each,
 * the command.
 */
export const namespaceScript = `
set -eu
root=$1 directory=$2 uid=$3 gid=$4
shift 4
mount -t tmpfs -o mode=755 hearth "$root"
# What programs are made of and nothing else: no homes, no /var, no folders that only this machine has.
for name in usr bin sbin lib lib32 lib64 libx32 etc opt nix dev sys; do
  if [ -L "/$name" ]; then
    ln -s "$(readlink "/$name")" "$root/$name"
  elif [ -d "/$name" ]; then
    mkdir "$root/$name"
    mount --rbind "/$name" "$root/$name"
    # An ordinary user can't write there anyway; root must not.
    if [ "$uid" = 0 ] && [ "$name" != dev ]; then mount -o remount,bind,ro "$root/$name" 2>/dev/null || true; fi
  fi
done
mkdir -p "$root/proc" "$root/tmp" "$root/var/tmp" "$root/run" "$root/home" "$root/root"
# A fresh /proc shows only the job's own processes; a container may forbid it.
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
# Where /etc/resolv.conf often points.
if [ -d /run/systemd/resolve ]; then
  mkdir -p "$root/run/systemd/resolve"
  mount --rbind /run/systemd/resolve "$root/run/systemd/resolve"
fi
hidden=$1
shift
for (( ; hidden > 0; hidden--)); do
  if [ -d "$root$1" ]; then mount -t tmpfs -o mode=755 hearth "$root$1"; fi
  shift
done
binds=$1
shift
for (( ; binds > 0; binds--)); do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && touch "$root$2"; fi
  mount --rbind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2" 2>/dev/null || true; fi
  shift 3
done
cd "$root"
mkdir .old
pivot_root . .old
umount -l .old
rmdir .old
cd "$directory"
exec unshare --user --map-user="$uid" --map-group="$gid" -- "$@"
`
