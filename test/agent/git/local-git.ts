import path from 'node:path'
import type { GitRepositories } from '../../../agent/core/ports/git-repositories.ts'
import { openGitRepositories } from '../../../agent/git/git-repositories.ts'
import { writeSetup } from '../../../agent/git/git-setup.ts'
import { openProcessGitSandbox } from '../../../agent/git/process-git-sandbox.ts'

/** Repositories with this machine's git, as "This computer" has them, in a folder of the test's. */
export async function openLocalGit(
  folder: string,
  more: { isDiskLow?: () => boolean; packBytes?: number; report?: (problem: string, cause: unknown) => void } = {},
): Promise<GitRepositories> {
  const setupDirectory = path.join(folder, 'git')
  await writeSetup(setupDirectory, { packBytes: more.packBytes ?? 1 << 30 })
  return openGitRepositories({
    directory: path.join(folder, 'repositories'),
    runDirectory: path.join(folder, 'run'),
    sandbox: openProcessGitSandbox({ setupDirectory }),
    disk: { requireFree: async () => {}, isLow: async () => more.isDiskLow?.() ?? false },
    limits: { memoryBytes: 512 * 1024 * 1024 },
    report: more.report ?? (() => {}),
  })
}
