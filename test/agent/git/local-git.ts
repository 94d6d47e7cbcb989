import path from 'node:path'
import type { GitRepositories } from '../../../agent/core/ports/git-repositories.ts'
import { openGitRepositories } from '../../../agent/git/git-repositories.ts'
import { writeHooks } from '../../../agent/git/hooks.ts'
import { openProcessGitSandbox } from '../../../agent/git/process-git-sandbox.ts'

/** Repositories with this machine's git, as "This computer" has them, in a folder of the test's. */
export async function openLocalGit(
  folder: string,
  more: { isDiskLow?: () => boolean; report?: (problem: string, cause: unknown) => void } = {},
): Promise<GitRepositories> {
  const hookDirectory = path.join(folder, 'git-hooks')
  await writeHooks(hookDirectory)
  return openGitRepositories({
    directory: path.join(folder, 'repositories'),
    runDirectory: path.join(folder, 'run'),
    sandbox: openProcessGitSandbox({ hookDirectory }),
    disk: { requireFree: async () => {}, isLow: async () => more.isDiskLow?.() ?? false },
    limits: { memoryBytes: 512 * 1024 * 1024 },
    report: more.report ?? (() => {}),
  })
}
