import type { Socket } from 'node:net'
import { startCommand } from '../exec/command.ts'
import type { UnitEnd } from '../exec/transient-unit.ts'
import { renderGitEnvironment } from './git-environment.ts'
import type { GitJob, GitProcess, GitSandbox } from './git-sandbox.ts'

const stopGraceMs = 5000

/**
 * Runs git as a process of this machine and this user: the repositories of "This computer" hold what the user pushes to
 * themselves. Settings and hooks are ours all the same, and so are the limits of time.
 */
export function openProcessGitSandbox(options: { readonly setupDirectory: string }): GitSandbox {
  return { owner: null, start: (job) => start(job, options.setupDirectory) }
}

async function start(job: GitJob, setup: string): Promise<GitProcess> {
  const { child, exit, kill } = await startCommand(job.command, {
    cwd: job.repository,
    environment: { ...renderGitEnvironment({ setup, push: job.push }), ...job.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const [input, output, complaints] = [child.stdin, child.stdout, child.stderr] as [Socket, Socket, Socket]
  let isOverdue = false
  let isGone = false
  const stop = () => {
    if (isGone) return
    kill('SIGTERM')
    const timer = setTimeout(() => {
      if (!isGone) kill('SIGKILL')
    }, stopGraceMs)
    timer.unref()
  }
  const timer = setTimeout(() => {
    isOverdue = true
    stop()
  }, job.limits.timeoutMs)
  const end = exit.then(({ status }): UnitEnd => {
    isGone = true
    clearTimeout(timer)
    if (isOverdue) return { kind: 'killed', by: 'time' }
    return status === null ? { kind: 'killed', by: 'signal' } : { kind: 'exited', status }
  })
  return { input, output, complaints, moved: () => input.bytesWritten + output.bytesRead, end, stop }
}
