#!/bin/sh
# mmdebstrap's last step: $1 is the new system, $FILES holds what the host adds to it.
set -e
root=$1
install -m 755 "$FILES/init.sh" "$root/usr/sbin/hearth-test-init"
if [ -s "$FILES/apt.conf" ]; then cp "$FILES/apt.conf" "$root/etc/apt/apt.conf.d/90test-servers"; fi
for crt in "$FILES"/ca/*.crt; do
  if [ -e "$crt" ]; then cp "$crt" "$root/usr/local/share/ca-certificates/"; fi
done
chroot "$root" update-ca-certificates >/dev/null
# Each server gets its own identity when it is booted.
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
# The account of a cloud image: no password, full sudo.
chroot "$root" useradd --create-home --shell /bin/bash debian
echo 'debian ALL=(ALL) NOPASSWD:ALL' > "$root/etc/sudoers.d/90-debian"
chmod 440 "$root/etc/sudoers.d/90-debian"
for user in root home/debian; do mkdir -p -m 700 "$root/$user/.ssh"; done
chroot "$root" chown debian:debian /home/debian/.ssh
mkdir -p "$root/var/lib/hearth"
ln -sf /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
for unit in getty@.service console-getty.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer dpkg-db-backup.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
