#!/bin/sh
# Powers one machine: launch.sh DIR NAME NETNS LOWERDIRS CGROUP...   It lives exactly as long as the machine is on.
# It has a mount namespace of its own, so the machine's mounts vanish with its last process, however that one ends.
# In a function, so that the shell has read all of it before a work tree changes the file.
main() {
  dir=$1 name=$2 netns=$3 lower=$4
  shift 4
  # Machines that share a cgroup would share the unit names of their systemds.
  for cgroup in "$@"; do echo $$ > "$cgroup/cgroup.procs" || exit 1; done
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/upper,workdir=$dir/work" "$dir/root" || exit 1
  if [ -e "$dir/disk.ext4" ]; then mount -o loop "$dir/disk.ext4" "$dir/hearth" || exit 1; fi
  export SYSTEMD_SECCOMP=0
  while :; do
    systemd-nspawn --quiet --register=no --keep-unit --kill-signal=SIGRTMIN+3 --capability=all \
      --network-namespace-path="/run/netns/$netns" --resolv-conf=off --timezone=off --link-journal=no \
      --machine="$name" --directory="$dir/root" --bind="$dir/hearth:/var/lib/hearth" /usr/sbin/hearth-test-init
    # 133: the machine asked to be started again.
    [ $? = 133 ] || break
  done
}
main "$@"
exit
