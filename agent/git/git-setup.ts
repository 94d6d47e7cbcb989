import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { preReceiveHook } from './git-scripts.ts'

/** Names of what lies in the setup's folder. */
export const setupFiles = { config: 'config', hooks: 'hooks' } as const

/**
 * Settings and hooks that all repositories share; nobody but the agent can change them. They are stronger than any file of
 * a repository, so that nothing that was pushed decides what git does.
 */
export async function writeSetup(directory: string, options: { readonly packBytes: number }): Promise<void> {
  await mkdir(path.join(directory, setupFiles.hooks), { recursive: true, mode: 0o755 })
  await write(path.join(directory, setupFiles.config), renderConfig(options), 0o644)
  await write(path.join(directory, setupFiles.hooks, 'pre-receive'), preReceiveHook, 0o755)
}

async function write(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.next`, text, { mode })
  await rename(`${file}.next`, file)
}

/** `packBytes`: what one push may hold, packed. None of these values comes from a client. */
export function renderConfig({ packBytes }: { readonly packBytes: number }): string {
  return `[core]
	# Streamed, where it would otherwise be held in memory.
	bigFileThreshold = 16m
	packedGitLimit = 256m
	deltaBaseCacheLimit = 32m
	# A branch that was accepted is on the disk when the client is told so.
	fsync = committed,reference
[pack]
	threads = 1
	windowMemory = 64m
[receive]
	fsckObjects = true
	maxInputSize = ${packBytes}
	# Always kept as a pack: what unpacks to much stays small on the disk.
	unpackLimit = 1
	# A push from a shallow clone, as CI makes them, brings its boundary with it.
	shallowUpdate = true
	# Which branch may be rewritten or deleted is the hook's to say.
	denyDeletes = false
	denyNonFastForwards = false
	denyDeleteCurrent = ignore
	advertisePushOptions = false
	autogc = false
# Flaws of old tools in histories that are long public; they harm nobody here.
[receive "fsck"]
	zeroPaddedFilemode = ignore
	missingSpaceBeforeDate = ignore
	badTimezone = ignore
# When "gc --auto" has something to do, and that it does it while we watch.
[gc]
	auto = 2000
	autoPackLimit = 20
	autoDetach = false
[maintenance]
	auto = false
[protocol]
	allow = never
# One user owns all repositories, and each run sees its own only.
[safe]
	directory = *
`
}
