/**
 * The two programs that run inside the sandbox, so that a build needs two sandboxes however many buildpacks it has.
 * Names of ours begin with `hearth_`, because a buildpack's export file is sourced between them.
 */

/**
 * Parameters: app directory, config var directory, result directory, `all` or `first`, buildpacks.
 * Writes per buildpack N: `N.status`, `N.name`, `N.error` of detect, `N.layers`; and `failed` when layers can't be named.
 */
export const detectScript = `
# One pipe, so that errors stand where they happened.
exec 2>&1
hearth_app=$1 hearth_env=$2 hearth_out=$3 hearth_mode=$4
shift 4
hearth_number=0
for hearth_pack in "$@"; do
  cd "$hearth_pack" || exit 1
  hearth_status=0
  ./bin/detect "$hearth_app" >"$hearth_out/$hearth_number.name" 2>"$hearth_out/$hearth_number.error" || hearth_status=$?
  echo "$hearth_status" >"$hearth_out/$hearth_number.status"
  if [ "$hearth_status" = 0 ]; then
    if [ -x bin/layers ]; then
      ./bin/layers "$hearth_app" "$hearth_env" >"$hearth_out/$hearth_number.layers" || {
        echo "$hearth_number $?" >"$hearth_out/failed"
        exit 1
      }
    fi
    if [ "$hearth_mode" = first ]; then exit 0; fi
  elif [ "$hearth_mode" = all ]; then
    exit 0
  fi
  hearth_number=$((hearth_number + 1))
done
`

/**
 * Parameters: app directory, cache directory, config var directory, result directory, buildpacks.
 * Writes `N.release` per buildpack, and `failed` with number and status of the one that failed to compile.
 */
export const compileScript = `
# One pipe, so that errors stand where they happened.
exec 2>&1
hearth_app=$1 hearth_cache=$2 hearth_env=$3 hearth_out=$4
shift 4
hearth_packs=("$@")
# Layers lie over the stack, or, where the machine is the stack, in folders of their own.
IFS=: read -ra hearth_roots <<<"\${HEARTH_LAYERS:-}"
for hearth_root in "\${hearth_roots[@]}" ''; do
  for hearth_bin in "$hearth_root"/usr/local/hearth/*/bin; do
    if [ -d "$hearth_bin" ]; then PATH=$hearth_bin:$PATH; fi
  done
done
export PATH
for hearth_number in "\${!hearth_packs[@]}"; do
  cd "\${hearth_packs[$hearth_number]}" || exit 1
  ./bin/compile "$hearth_app" "$hearth_cache" "$hearth_env" || {
    echo "$hearth_number $?" >"$hearth_out/failed"
    exit 1
  }
  # Before the export file counts: a buildpack describes its own result without it.
  if [ -x bin/release ]; then ./bin/release "$hearth_app" >"$hearth_out/$hearth_number.release" || true; fi
  if [ -f export ]; then . ./export; fi
done
exit 0
`

/** Parameters: repository URL, ref or empty, target directory. A ref may be a branch, a tag or a commit. */
export const cloneScript = `
set -e
git -c init.defaultBranch=main init --quiet "$3"
cd "$3"
git fetch --quiet --depth 1 -- "$1" "\${2:-HEAD}"
git -c advice.detachedHead=false checkout --quiet FETCH_HEAD
`
