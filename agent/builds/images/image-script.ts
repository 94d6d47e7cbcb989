import { engineScript } from './engine-script.ts'

/**
 * Run by bash as root of the sandbox: has podman build or pull one image, and lays down its root file system and what is
 * known of it. Parameters: number of the image, its folder, then `pull REFERENCE`, `build DOCKERFILE` or `layout DIRECTORY`. Build
 * arguments are in a file, NUL between them, so that nothing of the source is among a unit's properties.
 *
 * The image is built without a runtime: its commands run in a chroot inside of the sandbox, whose limits hold them.
 */
export const imageScript = `set -euo pipefail
number=$1 folder=$2 way=$3 what=$4
${engineScript}
case $way in
  pull)
    engine pull "\${login[@]}" "$what" | tee /run/pulled
    image=$(tail -n 1 /run/pulled)
    ;;
  build)
    mapfile -d '' -t arguments <"/hearth/results/$number.arguments"
    context=$(dirname "/hearth/source/$what")
    engine build "\${login[@]}" --layers --isolation=chroot --network=host --pull=newer --format=docker \\
      --iidfile /run/built --file "/hearth/source/$what" "\${arguments[@]}" "$context"
    image=$(sed 's/^sha256://' /run/built)
    ;;
  layout)
    image=$(engine pull --quiet "oci:$what")
    ;;
esac
engine image inspect "$image" >"/hearth/results/$number.json"

echo "-----> Taking over its files"
mounted=$(engine image mount "$image")
root=/app/$folder
mkdir "$root"
cp --recursive --no-dereference --preserve=mode,links "$mounted/." "$root/"
engine image unmount --force "$image" >/dev/null

# Whose the image's programs are to be. Root they can't be, so an image that wants root has a user of its own.
wanted=$(engine image inspect --format '{{.User}}' "$image")
wanted=\${wanted%%:*} uid='' home=''
find_user() {
  [ ! -L "$root/etc/passwd" ] && [ -f "$root/etc/passwd" ] || return 0
  while IFS=: read -r name _ number_of _ _ home_of _ || [ -n "$name" ]; do
    if [ "$name" = "$1" ] || [ "$number_of" = "$1" ]; then uid=$number_of home=$home_of; fi
  done <"$root/etc/passwd"
}
if [ "$wanted" = root ] || [ "$wanted" = 0 ]; then wanted=; fi
if [ -n "$wanted" ]; then find_user "$wanted"; else find_user 1000; home=/root; fi
case $wanted in
  '') uid=1000 ;;
  *[!0-9]*) [ -n "$uid" ] || { echo " !     The image's user $wanted is not in its /etc/passwd."; exit 1; } ;;
  *) uid=$wanted ;;
esac
if [ "$uid" = 0 ]; then uid=1000; fi
if [ ! -d "$root$home" ]; then home=; fi
if [ ! -L "$root/etc" ] && [ ! -L "$root/etc/passwd" ]; then
  mkdir -p "$root/etc"
  grep -qs "^[^:]*:[^:]*:$uid:" "$root/etc/passwd" || echo "dyno:x:$uid:$uid::\${home:-/}:/bin/sh" >>"$root/etc/passwd"
fi
printf '%s\\n%s\\n' "$uid" "$home" >"/hearth/results/$number.user"

# What earlier builds have left and this one did not use.
engine image prune --force --filter until=168h >/dev/null 2>&1 || true
case $way in
  pull) engine_keep "$image" ;;
  # What it was made from is in the cache already, as it is.
  layout) engine rmi --force "$image" >/dev/null 2>&1 || true ;;
esac
`
