#!/bin/sh
# Runs in the machine before systemd, to give it what a real server has and nspawn withholds.
# Without writable controllers systemd accepts MemoryMax and TasksMax and silently enforces nothing.
for c in memory cpu cpuacct cpuset pids blkio devices freezer; do
  [ -d /sys/fs/cgroup/$c ] && mount -o remount,rw,nosuid,nodev,noexec,bind /sys/fs/cgroup/$c
done
# Settings of this machine's own network namespace only.
mount --bind /proc/sys/net /proc/sys/net && mount -o remount,bind,rw /proc/sys/net
mkdir -p /dev/net
for d in "10 229 fuse" "10 200 net/tun" "10 237 loop-control"; do
  set -- $d
  [ -e /dev/$3 ] || mknod -m 666 /dev/$3 c $1 $2
done
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  [ -e /dev/loop$i ] || mknod -m 660 /dev/loop$i b 7 $i
done
# systemd 256 and later refuse the old cgroup tree unless told.
export SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1
exec /lib/systemd/systemd
