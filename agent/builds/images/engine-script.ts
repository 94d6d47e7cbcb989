/**
 * Beginning of what bash runs as root of the sandbox: podman with the app's own store, and its logins. It is root of nothing but the
 * sandbox, and has no say over control groups, devices and keys.
 */
export const engineScript = `export HOME=/run/home CONTAINERS_STORAGE_CONF=/run/storage.conf CONTAINERS_REGISTRIES_CONF=/run/registries.conf
export _CONTAINERS_USERNS_CONFIGURED=done BUILDAH_ISOLATION=chroot
mkdir -p "$HOME" /hearth/cache/storage
cat >/run/storage.conf <<'end'
[storage]
driver = "overlay"
graphroot = "/hearth/cache/storage"
runroot = "/run/containers"
end
# As everywhere else a name without a registry is one of Docker Hub's, unless the server has it otherwise.
own=/etc/containers/registries.conf
if ! grep -qs '^unqualified-search-registries' "$own"; then
  echo 'unqualified-search-registries = ["docker.io"]' >/run/registries.conf
fi
cat "$own" >>/run/registries.conf 2>/dev/null || true
login=()
if [ -e /hearth/results/login.json ]; then login=(--authfile /hearth/results/login.json); fi
engine() { podman --cgroup-manager=cgroupfs --events-backend=none "$@"; }
# All images but these are of builds that are past.
engine_keep() {
  local old kept
  for old in $(engine images --quiet --no-trunc | sort -u); do
    for kept in "$@"; do [ "\${old#sha256:}" != "\${kept#sha256:}" ] || continue 2; done
    engine rmi --force "$old" >/dev/null 2>&1 || true
  done
}
`
