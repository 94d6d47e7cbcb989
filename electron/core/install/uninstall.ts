import { layout, loginUser, routerUser } from './layout.ts'

/**
 * Everything that an installation made, in the opposite order; `$1` is `data` to remove apps, slugs, logs and keys too.
 * Packages stay: others may need them by now.
 */
export const uninstallScript = `
wants=$1
systemctl disable --quiet --now hearth-agent.service hearth-router.service hearth-router.socket hearth-router-tls.socket 2>/dev/null || true
# Dynos, builds and git are units of their own.
systemctl list-units --all --plain --no-legend --full 'hearth-*.service' 'hearth-*.slice' | while read -r unit rest; do
  systemctl stop -- "$unit" || true
  systemctl reset-failed -- "$unit" 2>/dev/null || true
done
# systemd makes the slices' parent by itself.
systemctl stop hearth.slice 2>/dev/null || true
rm -f ${layout.units}/hearth-agent.service ${layout.units}/hearth-router.service ${layout.units}/hearth-router.socket ${layout.units}/hearth-router-tls.socket
rm -f ${layout.units}/hearth-dynos.slice ${layout.units}/hearth-builds.slice ${layout.units}/hearth-git.slice
systemctl daemon-reload
for table in $(nft list tables inet 2>/dev/null | sed -n 's/^table inet \\(hearth[a-z_]*\\)$/\\1/p'); do
  nft delete table inet "$table" || true
done
# What let dynos pass other firewalls.
firewall-cmd --quiet --zone=trusted --remove-interface=hearth0 2>/dev/null || true
nft -a list ruleset 2>/dev/null | awk '$1 == "table" { table = $2 " " $3 } $1 == "chain" { chain = $2 } /[io]ifname "hearth0" .*# handle/ { print table, chain, $NF }' |
  while read -r family table chain handle; do nft delete rule "$family" "$table" "$chain" handle "$handle" || true; done
for name in $(ip netns list 2>/dev/null | sed -n 's/^\\(hearth-[0-9]*\\).*/\\1/p'); do ip netns delete "$name" || true; done
for link in $(ip -o link show type bridge 2>/dev/null | sed -n 's/^[0-9]*: \\(hearth[^:@]*\\).*/\\1/p'); do
  ip link delete "$link" || true
done
# Deepest first: a dyno's root lies within others.
sed -n 's#^[^ ]* [^ ]* [^ ]* [^ ]* \\(\\(${layout.state}\\|${layout.run}\\)/[^ ]*\\) .*#\\1#p' /proc/self/mountinfo | sort -r | while read -r mount; do
  umount -l -- "$mount" || true
done
rm -rf ${layout.base} ${layout.run} /run/hearth-router
loginctl terminate-user ${loginUser} 2>/dev/null || true
if getent passwd ${loginUser} >/dev/null; then userdel ${loginUser} 2>/dev/null || userdel --force ${loginUser}; fi
if getent passwd ${routerUser} >/dev/null; then userdel --force ${routerUser}; fi
for group in ${loginUser} ${routerUser}; do getent group "$group" >/dev/null && groupdel "$group" || true; done
rm -rf ${layout.home}
sed -n 's/^\\(hearth-\\(app-[0-9]*\\|build\\|git\\)\\):.*/\\1/p' /etc/passwd | while read -r name; do userdel --force "$name"; done
sed -n 's/^\\(hearth-\\(app-[0-9]*\\|build\\|git\\)\\):.*/\\1/p' /etc/group | while read -r name; do groupdel "$name"; done
if [ "$wants" = data ]; then
  rm -rf ${layout.keys}
  # It may be a mount point: then it is emptied.
  rm -rf ${layout.state} 2>/dev/null || find ${layout.state} -mindepth 1 -delete
fi
`
