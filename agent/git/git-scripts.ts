// What runs beside git in its sandbox, in the folder of the repository. Parameters are positional, never part of a script.

/**
 * git's pre-receive hook: everything has arrived in quarantine and nothing counts yet. The agent gets what would
 * change, writes what the user is to see, and decides. All pipes are opened first, so that an agent that dies is noticed
 * by their end.
 */
export const preReceiveHook = `#!/bin/sh
cd "$HEARTH_PUSH" || exit 1
exec 3>updates 4<output 5<verdict || exit 1
{ printf '%s\\n' "$GIT_QUARANTINE_PATH"; cat; echo; } >&3
cat <&4
verdict=
read -r verdict <&5
[ -n "$verdict" ] || echo ' !     The agent of this server stopped before the push was decided. Push again.'
[ "$verdict" = accept ]
`

/**
 * Makes the repository, or makes good what a run that was killed left: objects that never became part of it, and locks
 * that nobody holds. Attributes of ours win over those of a commit: an archive is to hold what a checkout would.
 */
export const prepareScript = `
set -e
git init --quiet --bare --initial-branch=main --template= .
mkdir -p info
echo '* -export-ignore -export-subst -filter' >info/attributes
rm -rf objects/tmp_objdir-* objects/incoming-* objects/pack/tmp_* objects/pack/.tmp-*
rm -f shallow_??????
find . -name '*.lock' -type f -delete
find objects -name 'tmp_obj_*' -type f -delete
rm -f gc.pid
`

/** A clone checks out what HEAD names: when that branch is not there, another one. Packs when much lies loose. */
export const maintainScript = `
set -e
if ! git show-ref --verify --quiet "$(git symbolic-ref HEAD)"; then
  branch=$(git for-each-ref --count=1 --format='%(refname)' refs/heads/main refs/heads/master)
  branch=\${branch:-$(git for-each-ref --count=1 --format='%(refname)' refs/heads/)}
  [ -z "$branch" ] || git symbolic-ref HEAD "$branch"
fi
exec git gc --auto --quiet
`

/** The scripts below found no such commit. */
export const noCommitStatus = 3
const requireCommit = `git cat-file -e "$1^{commit}" 2>/dev/null || exit ${noCommitStatus}`

/** Parameter: a commit. Prints the first line of its message, a NUL, and every file: mode, kind, id, size, path. */
export const describeScript = `
set -e
${requireCommit}
git log --no-walk --format=%s --encoding=UTF-8 "$1" --
printf '\\0'
git ls-tree -r -l -z --full-tree "$1"
`

/** Parameter: a commit. Prints a tar of its files. */
export const archiveScript = `
${requireCommit}
exec git archive --format=tar "$1"
`
