/** What every stack has beside the minimum: what buildpacks and apps expect of a Unix machine. */
export const stackPackages = [
  'apt',
  'bzip2',
  'ca-certificates',
  'curl',
  'file',
  'git',
  'iproute2',
  'jq',
  'less',
  'libatomic1',
  'libstdc++6',
  'netbase',
  'procps',
  'tzdata',
  'unzip',
  'xz-utils',
  'zip',
  'zstd',
] as const

/** For builds only: what native modules are compiled with. */
export const toolchainPackages = ['g++', 'gcc', 'libc6-dev', 'make', 'patch', 'pkg-config', 'python3'] as const

/**
 * Run by mmdebstrap when all packages are in place; `$1` is the new root. Nothing may start services in it, apt may not
 * leave its caches in layers, and what the server trusts is trusted in it.
 */
export const customizeScript = `set -e
printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
printf '%s\\n' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' 'APT::Install-Recommends "false";' \\
  'Acquire::Languages "none";' >"$1/etc/apt/apt.conf.d/hearth"
for certificate in /usr/local/share/ca-certificates/*.crt; do
  [ -f "$certificate" ] || continue
  mkdir -p "$1/usr/local/share/ca-certificates"
  cp "$certificate" "$1/usr/local/share/ca-certificates/"
done
chroot "$1" update-ca-certificates >/dev/null 2>&1 || true
rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1/etc/machine-id"
: >"$1/etc/resolv.conf"
: >"$1/etc/machine-id"
printf '127.0.0.1 localhost\\n::1 localhost\\n' >"$1/etc/hosts"
mkdir -p "$1/app" "$1/usr/local/hearth"
rm -rf "$1/usr/share/doc"/* "$1/usr/share/man"/* "$1/usr/share/info"/* "$1/var/log"/*
`

/**
 * Installs packages over the plain stack; run by bash in a mount namespace of its own, so that its mounts end with it.
 * Parameters: stack, upper, work folder, folder for apt's downloads, packages. Packages with alternatives, OpenJDK's among them, link
 * their manual pages too, which takes the folders that the stack no longer has; they are stripped from the layer again.
 */
export const aptLayerScript = `set -e
stack=$1 upper=$2 work=$3 downloads=$4
shift 4
root=$work/root
mkdir -p "$upper" "$work/overlay" "$root" "$downloads/lists/partial" "$downloads/archives/partial"
mount -t overlay -o "lowerdir=$stack,upperdir=$upper,workdir=$work/overlay" hearth-layer "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$downloads/lists" "$root/var/lib/apt/lists"
mount --bind "$downloads/archives" "$root/var/cache/apt/archives"
cat /etc/resolv.conf >"$root/etc/resolv.conf"
mkdir -p "$root"/usr/share/man/man1 "$root"/usr/share/man/man5 "$root"/usr/share/man/man8
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
chroot "$root" apt-get update -q
chroot "$root" apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root -- "$@"
umount -R "$root" || umount -l "$root"
`

/**
 * What a package leaves besides its files: it would hide the stack's own versions, or be of no use. Parameter: the layer.
 * ld.so.cache may go because the loader looks into the distribution's library folders without it too.
 */
export const stripLayerScript = `set -e
cd "$1"
rm -rf etc/ld.so.cache etc/passwd etc/passwd- etc/group etc/group- etc/shadow etc/shadow- etc/gshadow etc/gshadow- \\
  etc/subuid etc/subuid- etc/subgid etc/subgid- etc/resolv.conf etc/mtab \\
  var/lib/dpkg var/lib/apt var/cache var/log var/lib/systemd tmp run dev proc sys root \\
  usr/share/doc usr/share/man usr/share/info usr/share/lintian usr/share/bug
rmdir var/lib var etc usr/share 2>/dev/null || true
# An overlay marks folders that it made as hiding what lies below, and below is the toolchain with its own usr/include. Folders made
# anew have no marks; their files stay the same ones.
cd ..
rm -rf "$1.plain"
cp -al --no-preserve=xattr "$1" "$1.plain"
rm -rf "$1"
mv "$1.plain" "$1"
`
