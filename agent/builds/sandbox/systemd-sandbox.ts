import { constants } from 'node:fs'
import { chown, mkdir, open, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { buildOutputPace } from '../../core/logs/output-limits.ts'
import type { BuildNetwork, OpenBuildNetwork } from '../../core/ports/builds/build-network.ts'
import type { SandboxExcess, SandboxExit, SandboxJob, SandboxRunner } from '../../core/ports/builds/sandbox.ts'
import { runCommand, startCommand } from '../../exec/command.ts'
import { createFifos, openFifo } from '../../exec/fifo.ts'

import { readPaced } from '../../exec/paced-reading.ts'
import { countRefusals, readUnitEnd } from '../../exec/transient-unit.ts'
import { findShortage } from '../disk-reserve.ts'
import { type JobAccount, renderSystemdRun, type UnitPlace } from './systemd-run.ts'

/** One user for all builds: they run one at a time and each sees its own root only. */
const user = 'hearth-build'
/** A fast disk takes some hundred megabytes in that time: less than the reserve. */
const lookMs = 100
/** Above the numbers of apps. */
const firstNamespaceUid = 2_000_000_000

export interface SystemdSandboxOptions {
  readonly buildDirectory: string
  readonly openNetwork: OpenBuildNetwork
}

/** Runs builds as units of the server's systemd, in an overlay over the stack. */
export async function openSystemdSandbox(options: SystemdSandboxOptions): Promise<SandboxRunner> {
  const { buildDirectory, openNetwork } = options
  await endLeftovers(buildDirectory)
  const useraddOptions = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/app',
    '--shell',
    '/usr/sbin/nologin',
  ]
  // 9: the user is there already.
  await runCommand(['useradd', ...useraddOptions, user], { expectedStatuses: [9] })
  const readId = async (flag: string) => Number((await runCommand(['id', flag, user])).stdout)
  const account = { user, uid: await readId('-u'), gid: await readId('-g'), makesNamespace: false }
  return new SystemdSandbox(account, openNetwork)
}

/** The same for jobs that need to be root of something: what makes images. To be opened after the other. */
export function openRootSandbox(openNetwork: OpenBuildNetwork): SandboxRunner {
  const own = { uid: firstNamespaceUid, gid: firstNamespaceUid }
  return new SystemdSandbox({ user: 'root', ...own, makesNamespace: true }, openNetwork)
}

class SystemdSandbox implements SandboxRunner {
  readonly description = 'a systemd unit over the stack'
  readonly hasOwnRoot = true
  readonly owner: JobAccount
  readonly #openNetwork: OpenBuildNetwork

  constructor(account: JobAccount, openNetwork: OpenBuildNetwork) {
    this.owner = account
    this.#openNetwork = openNetwork
  }

  async run(job: SandboxJob, signal: AbortSignal): Promise<SandboxExit> {
    signal.throwIfAborted()
    const network = await this.#openNetwork()
    const root = await this.#mountRoot(job, network)
    try {
      return await this.#runUnit(job, { root, networkNamespacePath: network.namespacePath }, signal)
    } finally {
      await runCommand(['umount', '--lazy', root], { expectedStatuses: [1, 32] })
    }
  }

  /** What a job writes outside its binds goes to the scratch folder and is seen by the build's next job. */
  async #mountRoot(job: SandboxJob, network: BuildNetwork): Promise<string> {
    const [root, upper, work] = ['root', 'upper', 'work'].map((name) => path.join(job.scratch, name)) as [
      string,
      string,
      string,
    ]
    for (const folder of [root, upper, work]) await mkdir(folder, { recursive: true, mode: 0o755 })
    const unfit = [...job.lowers, job.scratch].find((lower) => /[,:\\]/.test(lower))
    if (unfit) throw new HearthError('internal', `${unfit} can't be part of an overlay: its name has a comma or colon.`)
    const options = `lowerdir=${job.lowers.join(':')},upperdir=${upper},workdir=${work}`
    await runCommand(['mount', '-t', 'overlay', '-o', options, 'hearth-build', root])
    await this.#writeIdentity(root, network)
    return root
  }

  /** Removed before they are written: in the stack they may be links that lead to the server's own files. */
  async #writeIdentity(root: string, { resolvConf }: BuildNetwork): Promise<void> {
    const { makesNamespace } = this.owner
    const { uid, gid } = makesNamespace ? { uid: 1000, gid: 1000 } : this.owner
    const files = {
      passwd: `root:x:0:0:root:/root:/bin/bash\nbuild:x:${uid}:${gid}::/app:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n`,
      group: `root:x:0:\nbuild:x:${gid}:\nnogroup:x:65534:\n`,
      'resolv.conf': resolvConf,
      hosts: '127.0.0.1 localhost\n::1 localhost\n',
    }
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(root, 'etc', name)
      await rm(file, { force: true })
      await writeFile(file, text)
    }
    // Buildpacks that bring packages copy it, and a stack whose sources stand in files of their own has none.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW
    await (await open(path.join(root, 'etc/apt/sources.list'), flags)).close()
  }

  async #runUnit(job: SandboxJob, place: UnitPlace, signal: AbortSignal): Promise<SandboxExit> {
    const unit = `hearth-build-${job.id}.service`
    const output = await this.#openOutput(job)
    const running = await startCommand(renderSystemdRun({ job, unit, account: this.owner, ...place }), {
      stdio: ['ignore', output.writeFd, output.writeFd],
    })
    let reason: 'cancelled' | SandboxExcess | null = null
    const stop = (why: NonNullable<typeof reason>) => {
      reason ??= why
      // Right after the start the unit may not be there yet; the next look or the end will tell.
      void runCommand(['systemctl', 'kill', '--signal=SIGKILL', unit], { expectedStatuses: [1, 5] }).catch(() => {})
    }
    const cancel = () => stop('cancelled')
    signal.addEventListener('abort', cancel, { once: true })
    const watch = setInterval(async () => {
      if (signal.aborted) cancel()
      const excess = await findExcess(job, unit).catch(() => null)
      if (excess !== null) stop(excess)
    }, lookMs)
    try {
      const { status } = await running.exit
      output.release()
      await output.ended
      // Asked in any case, because a unit that failed is forgotten with the answer only.
      const end = status === 0 ? { kind: 'exited' as const, status } : await readUnitEnd(unit, status ?? 1)
      if (reason === 'cancelled') throw new HearthError('gone', 'The build was cancelled.')
      return reason === null ? end : { kind: 'killed', by: reason }
    } finally {
      clearInterval(watch)
      signal.removeEventListener('abort', cancel)
      output.release()
    }
  }

  /** A pipe of the build user's own, so that programs can open /dev/stdout. */
  async #openOutput(job: SandboxJob) {
    const file = path.join(job.scratch, `output-${job.id}`)
    await createFifos(file)
    await chown(file, this.owner.uid, this.owner.gid)
    const reader = openFifo(file)
    await unlink(file)
    const ended = new Promise<void>((resolve) => {
      reader.stream.once('close', resolve)
    })
    reader.stream.on('error', () => {})
    readPaced(reader.stream, buildOutputPace, job.output)
    return { writeFd: reader.writeFd, release: reader.release, ended }
  }
}

/** What the kernel does not end a job for. */
async function findExcess({ scratch, limits }: SandboxJob, unit: string): Promise<SandboxExcess | null> {
  const shortage = await findShortage(scratch, limits.diskReserveBytes)
  if (shortage !== null) return shortage
  const { tasks, kills } = await countRefusals('hearth-builds.slice', unit)
  if (kills > 0) return 'memory'
  return tasks > 0 ? 'tasks' : null
}

/** Builds don't outlive the agent: nobody is left to take their result. */
async function endLeftovers(buildDirectory: string): Promise<void> {
  await runCommand(['systemctl', 'stop', 'hearth-build-*.service'], { expectedStatuses: [1, 5] })
  // One that had to be killed keeps its name, and its build is about to be done again by that.
  await runCommand(['systemctl', 'reset-failed', 'hearth-build-*.service'], { expectedStatuses: [1, 5] })
  const mounts = await readFile('/proc/self/mounts', 'utf8')
  for (const line of mounts.split('\n')) {
    const place = line.split(' ')[1] ?? ''
    if (place.startsWith(`${buildDirectory}/`))
      await runCommand(['umount', '--lazy', place], { expectedStatuses: [32] })
  }
}
