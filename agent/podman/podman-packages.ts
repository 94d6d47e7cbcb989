import { open, rm } from 'node:fs/promises'
import { HearthError } from '../contract/errors.ts'
import type { ContainerHost } from '../core/ports/dynos/container-host.ts'
import { type CommandLine, runCommand } from '../exec/command.ts'
import { isAtLeast, oldestPodman } from './installation.ts'
import type { Podman } from './podman.ts'

const packages = ['podman', 'crun'] as const
/** The end of what is printed has the reason of a failure. */
const keptBytes = 64 * 1024

/**
 * By the server's own apt: its sources, proxies and keys. A unit of its own that prints into a file, so that an agent that is
 * restarted meanwhile leaves no half-configured packages; and by its name there is one at a time.
 */
export function renderApt(log: string, ...parameters: readonly string[]): CommandLine {
  return [
    'systemd-run',
    ...['--quiet', '--wait', '--collect', '--unit=hearth-podman-install.service'],
    ...['--description=Hearth installs podman', `--property=StandardOutput=append:${log}`],
    ...[`--property=StandardError=append:${log}`, '--setenv=DEBIAN_FRONTEND=noninteractive', '--setenv=LC_ALL=C.UTF-8'],
    ...['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'],
    ...parameters,
  ]
}

/** The server's packages of podman. `log`: a file for what apt prints, on a file system that a reboot empties. */
export function openPodmanPackages(podman: Podman, log: string): ContainerHost {
  return {
    inspect: () => podman.inspect(),
    async install(signal) {
      await rm(log, { force: true })
      await run('read the lists of packages', renderApt(log, 'update'), signal)
      requireCandidate((await runCommand(['apt-cache', 'policy', 'podman'])).stdout)
      await run('install podman and crun', renderApt(log, 'install', '--no-install-recommends', ...packages), signal)
      // What is there now counts, not what apt says of it.
      await podman.inspect()
    },
    readOutput: () => readEnd(log),
  }
}

/**
 * What apt would install, before it does: a distribution's podman may be too old. Of `apt-cache policy podman`:
 *
 *     podman:
 *       Installed: (none)
 *       Candidate: 4.3.1+ds1-8+deb12u1
 */
export function requireCandidate(policy: string): void {
  const [, found = ''] = /^ *Candidate: (.+)$/m.exec(policy) ?? []
  const [, major, minor] = /^(?:\d+:)?(\d+)\.(\d+)/.exec(found) ?? []
  const wanted = oldestPodman.join('.')
  if (major === undefined)
    throw new HearthError(
      'unavailable',
      `The server's package sources have no podman; "apt-cache policy podman" there says more. Podman ${wanted} or newer is needed.`,
    )
  if (!isAtLeast([Number(major), Number(minor)], oldestPodman))
    throw new HearthError(
      'unavailable',
      `The server's distribution has podman ${major}.${minor}, and ${wanted} or newer is needed: upgrade the server's system. Nothing was installed.`,
    )
}

/** The agent lets go when it closes; apt goes on by itself. */
async function run(what: string, command: CommandLine, signal: AbortSignal): Promise<void> {
  const ended = runCommand(command).catch((cause: unknown) => {
    throw new HearthError(
      'unavailable',
      `The server's package manager could not ${what}: its last lines say why. Try again when that is mended.`,
      { cause },
    )
  })
  const aborted = Promise.withResolvers<never>()
  const letGo = () => aborted.reject(new HearthError('gone', 'The agent is closing.'))
  signal.addEventListener('abort', letGo, { once: true })
  if (signal.aborted) letGo()
  try {
    await Promise.race([ended, aborted.promise])
  } finally {
    signal.removeEventListener('abort', letGo)
    ended.catch(() => {})
  }
}

async function readEnd(name: string): Promise<string | null> {
  const file = await open(name, 'r').catch(() => null)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - keptBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
