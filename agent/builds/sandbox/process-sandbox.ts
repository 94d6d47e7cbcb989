import { mkdir, readdir, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { buildOutputPace } from '../../core/logs/output-limits.ts'
import type { SandboxExcess, SandboxExit, SandboxJob, SandboxRunner } from '../../core/ports/builds/sandbox.ts'
import { type CommandLine, type StreamingCommand, startCommand } from '../../exec/command.ts'
import { readPaced } from '../../exec/paced-reading.ts'
import { findShortage } from '../disk-reserve.ts'
import { namespaceScript } from './namespace-script.ts'

const lookMs = 250

/**
 * Runs builds as processes of this machine and this user. Where the kernel allows user namespaces each job sees the
 * machine's programs but neither home directories, nor the agent's state, nor other processes.
 */
export async function openProcessSandbox(options: { hiddenDirectories: readonly string[] }): Promise<SandboxRunner> {
  const probe: SandboxJob = {
    id: 'probe',
    lowers: [],
    scratch: await makeProbeDirectory(options.hiddenDirectories),
    binds: [],
    command: ['true'],
    directory: '/',
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    limits: { memoryBytes: Infinity, maximumTasks: 100, timeoutMs: 10_000, diskReserveBytes: 0 },
    output: () => {},
  }
  const namespaced = new ProcessSandbox(options.hiddenDirectories, true)
  const exit = await namespaced.run(probe, AbortSignal.timeout(10_000)).catch(() => null)
  if (exit?.kind === 'exited' && exit.status === 0) return namespaced
  return new ProcessSandbox(options.hiddenDirectories, false)
}

class ProcessSandbox implements SandboxRunner {
  readonly hasOwnRoot: boolean
  readonly owner = null
  readonly description: string
  readonly #hidden: readonly string[]

  constructor(hidden: readonly string[], hasOwnRoot: boolean) {
    this.#hidden = hidden
    this.hasOwnRoot = hasOwnRoot
    this.description = hasOwnRoot ? 'user namespaces' : 'plain processes, without a sandbox'
  }

  async run(job: SandboxJob, signal: AbortSignal): Promise<SandboxExit> {
    signal.throwIfAborted()
    const running = await this.#start(job)
    for (const stream of [running.child.stdout, running.child.stderr])
      if (stream) readPaced(stream, buildOutputPace, job.output)
    // What a plain process left running holds the streams open: end it, so that the output ends too.
    running.child.once('exit', () => running.kill('SIGKILL'))
    const watch = new Watch(running, job, signal)
    try {
      const { status } = await running.exit
      if (watch.reason === 'cancelled') throw new HearthError('gone', 'The build was cancelled.')
      if (watch.reason) return { kind: 'killed', by: watch.reason }
      return status === null ? { kind: 'killed', by: 'signal' } : { kind: 'exited', status }
    } finally {
      watch.stop()
    }
  }

  async #start(job: SandboxJob): Promise<StreamingCommand> {
    const temporary = path.join(job.scratch, 'tmp')
    const root = path.join(job.scratch, 'root')
    await mkdir(temporary, { recursive: true })
    await mkdir(root, { recursive: true })
    const command: CommandLine = this.hasOwnRoot ? this.#renderCommand(job, root, temporary) : job.command
    return startCommand(['nice', '-n', '10', ...(await renderTaskLimit(job)), ...command], {
      ...(this.hasOwnRoot ? {} : { cwd: job.directory }),
      environment: { ...job.environment, TMPDIR: this.hasOwnRoot ? '/tmp' : temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  #renderCommand(job: SandboxJob, root: string, temporary: string): CommandLine {
    const { uid, gid } = os.userInfo()
    const binds = [{ from: temporary, to: '/tmp', writable: true }, ...job.binds]
    return [
      ...(['unshare', '--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child'] as const),
      ...(['bash', '-c', namespaceScript, 'sandbox', root, job.directory, `${uid}`, `${gid}`] as const),
      ...[`${this.#hidden.length}`, ...this.#hidden, `${binds.length}`],
      ...binds.flatMap(({ from, to, writable }) => [from, to, writable ? 'rw' : 'ro']),
      ...job.command,
    ]
  }
}

/**
 * A user's processes are limited all together, so what runs already is added. Newer kernels count a sandbox alone and root not at
 * all; `Watch` counts in any case.
 */
async function renderTaskLimit({ limits }: SandboxJob): Promise<string[]> {
  if (process.platform !== 'linux') return []
  // `0.10 0.20 0.30 2/734 4711`: running and all tasks of the machine.
  const [, tasks] = /\/(\d+)/.exec(await readFile('/proc/loadavg', 'utf8')) ?? []
  return ['bash', '-c', 'ulimit -u "$0" 2>/dev/null; exec "$@"', `${Number(tasks) + limits.maximumTasks}`]
}

/** Ends a job that goes over its limits or is cancelled. Cgroups would be exact, but need root. */
class Watch {
  reason: SandboxExcess | 'cancelled' | null = null
  readonly #running: StreamingCommand
  readonly #job: SandboxJob
  readonly #signal: AbortSignal
  readonly #poll: NodeJS.Timeout
  readonly #deadline: NodeJS.Timeout
  readonly #cancel = () => this.#end('cancelled')

  constructor(running: StreamingCommand, job: SandboxJob, signal: AbortSignal) {
    this.#running = running
    this.#job = job
    this.#signal = signal
    this.#poll = setInterval(() => void this.#check(), lookMs)
    this.#deadline = setTimeout(() => this.#end('time'), job.limits.timeoutMs)
    signal.addEventListener('abort', this.#cancel, { once: true })
    if (signal.aborted) this.#cancel()
  }

  stop(): void {
    clearInterval(this.#poll)
    clearTimeout(this.#deadline)
    this.#signal.removeEventListener('abort', this.#cancel)
  }

  async #check(): Promise<void> {
    const { limits, scratch } = this.#job
    const shortage = await findShortage(scratch, limits.diskReserveBytes).catch(() => null)
    if (shortage !== null) this.#end(shortage)
    const { memoryBytes, tasks } = await measureTree(this.#running.pid).catch(() => ({ memoryBytes: 0, tasks: 0 }))
    if (memoryBytes > limits.memoryBytes) this.#end('memory')
    if (tasks > limits.maximumTasks) this.#end('tasks')
  }

  #end(reason: NonNullable<Watch['reason']>): void {
    this.reason ??= reason
    this.#running.kill('SIGKILL')
  }
}

/** Resident memory, processes and threads of a process and all that descend from it, from /proc/<pid>/stat. */
async function measureTree(root: number): Promise<{ memoryBytes: number; tasks: number }> {
  const children = new Map<number, { pid: number; pages: number; threads: number }[]>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // `12 (node) S 1 ...`: the name may hold spaces and brackets, so count from the last bracket; 4th is the parent, 20th
    // the threads, 24th the pages.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const parent = Number(fields[1])
    const list = children.get(parent) ?? []
    list.push({ pid: Number(name), pages: Number(fields[21] ?? 0), threads: Number(fields[17] ?? 0) })
    children.set(parent, list)
  }
  let [pages, tasks] = [0, 0]
  const pending = [root]
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop())
    for (const child of children.get(pid) ?? []) {
      pages += child.pages
      tasks += child.threads
      pending.push(child.pid)
    }
  return { memoryBytes: pages * 4096, tasks }
}

async function makeProbeDirectory(hidden: readonly string[]): Promise<string> {
  const directory = path.join(hidden[0] ?? os.tmpdir(), '.sandbox-probe')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return directory
}
