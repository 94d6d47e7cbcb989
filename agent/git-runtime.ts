import { totalmem } from 'node:os'
import { defaultDiskReserveBytes, keepReserve, measureFreeBytes } from './builds/disk-reserve.ts'
import { type AgentConfig, paths } from './config.ts'
import type { GitRepositories } from './core/ports/git-repositories.ts'
import { openGitRepositories } from './git/git-repositories.ts'
import type { GitSandbox } from './git/git-sandbox.ts'
import { writeSetup } from './git/git-setup.ts'
import { openProcessGitSandbox } from './git/process-git-sandbox.ts'
import { openSystemdGitSandbox } from './git/systemd-git-sandbox.ts'
import type { Journal } from './journal.ts'

const gigabyte = 1024 * 1024 * 1024

/** The apps' repositories, with git in units of its own on a server and as plain processes on this computer. */
export async function openGit(config: AgentConfig, journal: Journal): Promise<GitRepositories> {
  const setupDirectory = paths.gitSetup(config)
  await writeSetup(setupDirectory, { packBytes: 2 * gigabyte })
  return openGitRepositories({
    directory: paths.repositories(config),
    runDirectory: paths.gitRun(config),
    sandbox: await openSandbox(config, setupDirectory),
    disk: {
      requireFree: () => keepReserve(config)(0),
      isLow: async () => (await measureFreeBytes(config.stateDirectory)) < defaultDiskReserveBytes,
    },
    // One large push must fit on a small server beside its apps.
    limits: { memoryBytes: Math.min(gigabyte, Math.round(totalmem() / 3)) },
    report: (problem, cause) => journal.error(problem, cause),
  })
}

async function openSandbox(config: AgentConfig, setupDirectory: string): Promise<GitSandbox> {
  return config.runner === 'systemd'
    ? openSystemdGitSandbox({ runDirectory: paths.gitRun(config), setupDirectory })
    : openProcessGitSandbox({ setupDirectory })
}
