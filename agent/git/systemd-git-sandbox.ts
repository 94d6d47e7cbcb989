import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Socket } from 'node:net'
import path from 'node:path'
import { runCommand, startCommand } from '../exec/command.ts'
import { readUnitEnd } from '../exec/transient-unit.ts'
import type { GitJob, GitProcess, GitSandbox } from './git-sandbox.ts'
import { renderGitUnit, rootFolders } from './git-unit.ts'

const user = 'hearth-git'

export interface SystemdGitOptions {
  /** Of the run folder; the empty root that units are put together on is made in it. */
  readonly runDirectory: string
  readonly setupDirectory: string
}

/** Runs git as units of the server's systemd. What an agent before this one left running is ended. */
export async function openSystemdGitSandbox(options: SystemdGitOptions): Promise<GitSandbox> {
  await runCommand(['systemctl', 'stop', 'hearth-git-*.service'], { expectedStatuses: [1, 5] })
  const account = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
  // 9: the user is there already.
  await runCommand(['useradd', ...account, '--shell', '/usr/sbin/nologin', user], { expectedStatuses: [9] })
  const readId = async (flag: string) => Number((await runCommand(['id', flag, user])).stdout)
  const root = path.join(options.runDirectory, 'root')
  for (const folder of rootFolders) await mkdir(path.join(root, folder), { recursive: true, mode: 0o755 })
  return new SystemdGitSandbox(root, options.setupDirectory, { uid: await readId('-u'), gid: await readId('-g') })
}

class SystemdGitSandbox implements GitSandbox {
  readonly owner: { readonly uid: number; readonly gid: number }
  readonly #root: string
  readonly #setup: string

  constructor(root: string, setup: string, owner: { uid: number; gid: number }) {
    this.#root = root
    this.#setup = setup
    this.owner = owner
  }

  async start(job: GitJob): Promise<GitProcess> {
    const unit = `hearth-git-${job.id}-${randomUUID().slice(0, 8)}.service`
    const command = renderGitUnit({ unit, user, root: this.#root, setup: this.#setup, job })
    const { child, exit } = await startCommand(command, { stdio: ['pipe', 'pipe', 'pipe'] })
    const [input, output, complaints] = [child.stdin, child.stdout, child.stderr] as [Socket, Socket, Socket]
    return {
      input,
      output,
      complaints,
      moved: () => input.bytesWritten + output.bytesRead,
      end: exit.then(({ status }) => (status === 0 ? { kind: 'exited', status } : readUnitEnd(unit, status ?? 1))),
      stop: () =>
        void runCommand(['systemctl', 'stop', '--no-block', unit], { expectedStatuses: [1, 5] }).catch(() => {}),
    }
  }
}
