import { open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { HearthError } from '../../contract/errors.ts'
import type { Submodule } from '../../core/ports/builds/commit-source.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { giveTo } from '../trees/give-to.ts'
import { maximumSourceBytes } from './source-manifest.ts'
import { unpackTar } from './unpack-tar.ts'

/** How a pointer begins that stands for a file kept elsewhere. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const pointerStart = 'version https://git-lfs.github.com/spec/'
/** By the same specification. */
const maximumPointerBytes = 1024

/** `git:<commit>` of the app's repository. */
export function commitOf(sourceUrl: string): string | null {
  return /^git:(.+)$/.exec(sourceUrl)?.[1] ?? null
}

/** Checks a commit of the app's repository out into the build's directory, its submodules too. */
export async function prepareCommit(run: BuildRun, commit: string): Promise<void> {
  const { options, request, place, signal } = run
  const { commits, sandbox } = options
  const { submodules } = await commits.describeCommit(request.app.id, commit)
  const archive = await commits.openArchive(request.app.id, commit, signal)
  await unpackTar(archive, new PassThrough(), place.app, { maximumBytes: maximumSourceBytes })
  await refusePointers(place.app)
  if (sandbox.owner) await giveTo(place.app, sandbox.owner)
  if (submodules.length > 0) await fetchSubmodules(run, submodules)
}

/** Looks at small files only where `.gitattributes` says that files are kept elsewhere. */
async function refusePointers(directory: string): Promise<void> {
  const entries = (await readdir(directory, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile())
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name))
  const attributes = files.filter((file) => path.basename(file) === '.gitattributes')
  const texts = await Promise.all(attributes.map((file) => readFile(file, 'utf8')))
  if (!texts.some((text) => /\bfilter=lfs\b/.test(text))) return
  for (const file of files) {
    if (!(await isPointer(file))) continue
    const name = path.relative(directory, file)
    throw new HearthError(
      'build_failed',
      `'${name}' is kept by Git LFS, which is not supported: only its pointer was pushed. Take it out of LFS ` +
        '(git lfs migrate export), or let the app fetch it.',
    )
  }
}

async function isPointer(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    if ((await handle.stat()).size > maximumPointerBytes) return false
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(pointerStart.length), 0, pointerStart.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === pointerStart
  } finally {
    await handle.close()
  }
}

/**
 * By git itself, in the sandbox of builds: with their network and their rights, which any build script has as well. Only
 * what everybody may read over HTTP or git's own protocol can be reached.
 */
async function fetchSubmodules(run: BuildRun, submodules: readonly Submodule[]): Promise<void> {
  const names = submodules.map(({ path: name }) => name)
  run.output.header(`Fetching submodules: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}`)
  const parameters = submodules.flatMap(({ path: name, commit }) => [commit, name])
  const exit = await runStep(run, 'submodules', ['bash', '-c', submoduleScript, 'submodules', ...parameters])
  if (exit.kind === 'exited' && exit.status === 0) return
  throw stepFailed(
    run,
    exit,
    'A submodule could not be fetched; the output above says which. Submodules are fetched over http(s):// or git://, ' +
      'from where everybody may read them. Others belong into the repository itself (git subtree).',
  )
}

/** Parameters: commit and path of each. Runs in the app's folder, which is no repository before and none after. */
const submoduleScript = `
set -eu
exec 2>&1
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=https:http:git
git -c init.defaultBranch=main init --quiet
while [ $# -gt 0 ]; do
  git update-index --add --cacheinfo "160000,$1,$2"
  shift 2
done
update() { git -c advice.detachedHead=false submodule --quiet update --init --recursive "$@"; }
# Not every server gives a single commit away.
update --depth 1 2>/dev/null || update
find . -name .git -prune -exec rm -rf {} +
`
