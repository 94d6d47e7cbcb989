import { engineScript } from '../images/engine-script.ts'

/** Where the sandbox keeps what phases share, and where an app's cache has images in the layout of the OCI. */
export const inside = {
  workspace: '/hearth/workspace',
  layers: '/hearth/packs/layers',
  platform: '/hearth/packs/platform',
  cache: '/hearth/cache/lifecycle',
  layout: '/hearth/cache/layout',
} as const

/** Names of images that no registry has: as the lifecycle finds them in the layout. */
export const images = {
  run: { reference: 'hearth.invalid/run:image', folder: 'hearth.invalid/run/image' },
  next: { reference: 'hearth.invalid/app:next', folder: 'hearth.invalid/app/next' },
  last: { reference: 'hearth.invalid/app:last', folder: 'hearth.invalid/app/last' },
} as const

/**
 * Run by bash as root of the sandbox. What follows its name says what it does:
 *
 *     builder REFERENCE                  fetches the builder; builder.json and run.toml of the results tell of it
 *     buildpack FOLDER REFERENCE         fetches a packaged buildpack into this folder of the buildpacks; FOLDER.package.json tells of it
 *     run UID GID REFERENCE...           fetches the first of these that there is as the run image, and makes the folders of the phases
 *     phase WORD...                      podman with these words
 *     settle                             keeps what the next build can use, and nothing else
 *
 * Phases run as the builder's own user in containers that have no more than they need: nothing that is done by a buildpack, or by
 * the builder itself, meets the logins of registries or a socket of podman's.
 */
export const lifecycleScript = `set -euo pipefail
what=$1
shift
${engineScript}
# Session keyrings and networks of their own are not for a sandbox.
export CONTAINERS_CONF=/run/containers.conf
cat >"$CONTAINERS_CONF" <<'end'
[containers]
keyring = false
[engine]
runtime = "crun"
end

pull() {
  engine pull "\${login[@]}" "$1" | tee /run/pulled || return 1
  image=$(tail -n 1 /run/pulled)
  echo "$image" >>/hearth/results/used
}

case $what in
  builder)
    # Of a build that was killed.
    engine rm --all --force >/dev/null 2>&1 || true
    pull "$1"
    engine image inspect "$image" >/hearth/results/builder.json
    mounted=$(engine image mount "$image")
    # A builder of a stranger's could have a link there that leads out of it.
    file=$(realpath --canonicalize-existing "$mounted/cnb/run.toml" 2>/dev/null || true)
    case $file in "$mounted"/*) cp "$file" /hearth/results/run.toml ;; esac
    engine image unmount --force "$image" >/dev/null
    ;;
  buildpack)
    folder=/hearth/packs/$1
    pull "$2"
    engine image inspect "$image" >"/hearth/results/$1.package.json"
    mounted=$(engine image mount "$image")
    if [ ! -L "$mounted/cnb" ] && [ ! -L "$mounted/cnb/buildpacks" ]; then
      mkdir "$folder"
      cp --recursive --no-dereference --preserve=mode,links "$mounted/cnb/buildpacks/." "$folder/"
    fi
    engine image unmount --force "$image" >/dev/null
    ;;
  run)
    user=$1:$2
    shift 2
    image=
    for reference; do if pull "$reference"; then break; fi; done
    [ -n "$image" ] || exit 1
    engine image inspect "$image" >/hearth/results/run.json
    layout=${inside.layout} folder=${inside.layout}/${images.run.folder}
    if [ "$(cat "$layout/run" 2>/dev/null)" != "$image" ]; then
      rm -rf "$layout/run" "$folder"
      mkdir -p "$folder"
      engine push --quiet "$image" "oci:$folder"
      echo "$image" >"$layout/run"
    fi
    engine_keep $(cat /hearth/results/used)
    rm -rf "$layout/${images.next.folder}"
    mkdir -p ${inside.cache} ${inside.layers} ${inside.platform}/env "$layout/$(dirname ${images.next.folder})"
    cp --no-dereference /hearth/config-vars/* ${inside.platform}/env/ 2>/dev/null || true
    for file in order.toml project-metadata.toml; do
      if [ -e "/hearth/results/$file" ]; then cp "/hearth/results/$file" ${inside.layers}/; fi
    done
    chown --recursive --no-dereference "$user" ${inside.workspace} ${inside.cache} ${inside.layers} ${inside.platform} "$layout"
    ;;
  phase)
    engine "$@"
    ;;
  settle)
    layout=${inside.layout}
    rm -rf "$layout/${images.last.folder}"
    mv "$layout/${images.next.folder}" "$layout/${images.last.folder}"
    ;;
esac
`
