/**
 * The programs that run inside the sandbox: a turn of a buildpack needs two sandboxes, between which the agent makes its layers. Names
 * of ours begin with `hearth_`, because the export files of buildpacks are sourced among them.
 */

/** What each turn begins with: the programs of all layers so far, and what the buildpacks of earlier turns export, in their order. */
const beginTurn = `
# One pipe, so that errors stand where they happened.
exec 2>&1
# Layers lie over the stack, or, where the machine is the stack, in folders of their own.
IFS=: read -ra hearth_roots <<<"\${HEARTH_LAYERS:-}"
for hearth_root in "\${hearth_roots[@]}" ''; do
  for hearth_bin in "$hearth_root"/usr/local/hearth/*/bin; do
    if [ -d "$hearth_bin" ]; then PATH=$hearth_bin:$PATH; fi
  done
done
export PATH
if [ -f "$hearth_out/exporting" ]; then
  mapfile -t hearth_exporting <"$hearth_out/exporting"
  for hearth_pack in "\${hearth_exporting[@]}"; do
    cd "$hearth_pack" && . ./export
  done
fi
`

/**
 * Parameters: app directory, config var directory, result directory, number of the first buildpack, buildpacks to choose from. Writes per
 * buildpack N: `N.status`, `N.name`, `N.error` of detect. All are asked, so that the user can be told who else would take the app,
 * but only the first that fits names its layers, `N.layers`; what it says of them is `N.said`, and `failed` is there when it can't.
 */
export const detectScript = `
hearth_app=$1 hearth_env=$2 hearth_out=$3 hearth_number=$4
shift 4
${beginTurn}
hearth_found=
for hearth_pack in "$@"; do
  cd "$hearth_pack" || exit 1
  hearth_status=0
  ./bin/detect "$hearth_app" >"$hearth_out/$hearth_number.name" 2>"$hearth_out/$hearth_number.error" || hearth_status=$?
  echo "$hearth_status" >"$hearth_out/$hearth_number.status"
  if [ "$hearth_status" = 0 ] && [ -z "$hearth_found" ]; then
    hearth_found=$hearth_number
    if [ -x bin/layers ]; then
      ./bin/layers "$hearth_app" "$hearth_env" >"$hearth_out/$hearth_number.layers" 2>"$hearth_out/$hearth_number.said" ||
        echo "$?" >"$hearth_out/failed"
    fi
  fi
  hearth_number=$((hearth_number + 1))
done
exit 0
`

/**
 * Parameters: app directory, cache directory, config var directory, result directory, number of the buildpack, the buildpack. Writes
 * `N.release` and `N.report`, and `failed` with the status of a compile that failed.
 */
export const compileScript = `
hearth_app=$1 hearth_cache=$2 hearth_env=$3 hearth_out=$4 hearth_number=$5 hearth_own=$6
${beginTurn}
cd "$hearth_own" || exit 1
hearth_status=0
./bin/compile "$hearth_app" "$hearth_cache" "$hearth_env" || hearth_status=$?
# Facts for whoever looks at the release or at the failure; that it fails itself or hangs is no reason to fail a build.
if [ -x bin/report ]; then
  timeout --kill-after=1 30 ./bin/report "$hearth_app" "$hearth_cache" "$hearth_env" \
    >"$hearth_out/$hearth_number.report" 2>/dev/null </dev/null || rm -f "$hearth_out/$hearth_number.report"
fi
if [ "$hearth_status" != 0 ]; then
  echo "$hearth_status" >"$hearth_out/failed"
  exit 1
fi
# Its own export file does not count: a buildpack describes its own result without it.
if [ -x bin/release ]; then ./bin/release "$hearth_app" >"$hearth_out/$hearth_number.release" || true; fi
if [ -f export ]; then echo "$PWD" >>"$hearth_out/exporting"; fi
exit 0
`

/**
 * Parameters: repository URL, ref or empty, target directory, file for what git complains about, file for the commit. A ref may
 * be a branch, a tag or a commit. Ends with 2 when the repository can't be fetched, 3 when it has no such ref.
 */
export const cloneScript = `
set -e
# No questions, and no other transport than those, whatever a redirection or a file of the repository asks for.
export GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=http:https:git GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
hearth_url=$1 hearth_ref=$2
exec 2>"$4"
git -c init.defaultBranch=main init --quiet "$3"
cd "$3"
# A server that sends nothing for half a minute is given up.
git config http.lowSpeedLimit 1
git config http.lowSpeedTime 30
git config advice.detachedHead false
if ! git fetch --quiet --depth 1 --no-tags -- "$hearth_url" "\${hearth_ref:-HEAD}"; then
  # Servers that can't part a history, and those that hand out a commit only as part of a branch.
  git fetch --quiet --tags -- "$hearth_url" '+HEAD:refs/remotes/HEAD' '+refs/heads/*:refs/remotes/*' || exit 2
  hearth_ref=\${hearth_ref:-refs/remotes/HEAD}
  hearth_commit=$(git rev-parse --quiet --verify --end-of-options "$hearth_ref^{commit}") || exit 3
  git update-ref --no-deref HEAD "$hearth_commit"
else
  git update-ref --no-deref HEAD FETCH_HEAD
fi
git checkout --quiet --force HEAD -- .
git rev-parse HEAD >"$5"
`
