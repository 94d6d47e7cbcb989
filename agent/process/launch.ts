import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { HearthError } from '../contract/errors.ts'
import { bootScript, completeEnvironment } from '../core/dyno-environment.ts'
import type { DynoSpec, DynoTerminal } from '../core/ports/dyno-runner.ts'
import {
  type CommandExit,
  type CommandLine,
  killGroup,
  runCommand,
  type StandardStream,
  startCommand,
} from '../exec/command.ts'
import { openFifo, openFifoForWriting, openUnnamed } from '../exec/fifo.ts'
import { openPty, type PtyMaster, startPtyCommand, type TerminalSize } from '../exec/pty.ts'
import { findSignal } from '../exec/signal.ts'
import { toReadableStream, toWritableStream } from '../exec/web-streams.ts'
import { writeRecord } from './dyno-record.ts'
import { dynoIdVariable, type TreeMark } from './process-tree.ts'
import { renderSandboxCommand, renderSandboxEnvironment, type Sandbox } from './sandbox.ts'

/** A dyno's process, just started. */
export interface Launched {
  readonly mark: TreeMark
  readonly exit: Promise<CommandExit>
  /** What it writes to its log; null when a terminal has it. */
  readonly log: Readable | null
  readonly terminal: DynoTerminal | null
  /** To be called when no process of the dyno is left: what reads its output then comes to an end. */
  release(): void
}

interface Plan {
  readonly command: CommandLine
  readonly environment: Record<string, string>
  readonly isSandboxed: boolean
}

/** Starts a dyno's process in a folder of its own; resolves when its root is made and its command is about to run. */
export async function launchDyno(
  spec: DynoSpec,
  place: { folder: string; sandbox: Sandbox; port: number | null; searchPath: string },
): Promise<Launched> {
  const isThere = await stat(spec.tree.appDirectory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isThere) throw new HearthError('internal', `The files of slug ${spec.tree.checksum} are missing on this server.`)
  const plan = place.sandbox.kind === 'namespaces' ? await planSandboxed(spec, place) : await planCopied(spec, place)
  const launched = await launchPlanned(spec, plan, place.folder)
  try {
    await writeRecord(place.folder, launched.mark)
    return launched
  } catch (error) {
    killGroup(launched.mark.leaderPid, 'SIGKILL')
    throw error
  }
}

async function launchPlanned(spec: DynoSpec, plan: Plan, folder: string): Promise<Launched> {
  if (typeof spec.attach !== 'object' || spec.attach === null) return await launchOnPipes(spec, plan, folder)
  return plan.isSandboxed ? await launchOnPty(spec, plan, spec.attach) : forkOnPty(spec, plan, spec.attach)
}

async function planSandboxed(spec: DynoSpec, place: { folder: string; port: number | null }): Promise<Plan> {
  const base = path.join(place.folder, 'base')
  await mkdir(base)
  const environment = completeEnvironment(spec, {
    home: '/app',
    port: place.port,
    extra: { [dynoIdVariable]: spec.id },
  })
  // A terminal belongs to a session, and a shell can only control its jobs if that session is inside its namespaces.
  const session = typeof spec.attach === 'object' && spec.attach !== null ? ['/usr/bin/setsid', '-c', '-w'] : []
  const command = renderSandboxCommand({
    base,
    appDirectory: spec.tree.appDirectory,
    layerDirectories: spec.tree.layerDirectories,
    command: [...session, '/bin/bash', '-c', bootScript, 'dyno', '/app', spec.command],
  })
  return { command, environment: renderSandboxEnvironment(environment), isSandboxed: true }
}

async function planCopied(
  spec: DynoSpec,
  place: { folder: string; port: number | null; searchPath: string },
): Promise<Plan> {
  const home = path.join(place.folder, 'app')
  // Where the file system can, a copy shares its blocks with the slug until either is written.
  const clone = process.platform === 'darwin' ? ['-cR'] : ['-R', '--reflink=auto']
  await runCommand(['cp', ...clone, spec.tree.appDirectory, home])
  const layers = spec.tree.layerDirectories
  const layerPaths = layers.flatMap((layer) => [path.join(layer, 'usr/local/bin'), path.join(layer, 'usr/bin')])
  const environment = completeEnvironment(spec, {
    home,
    port: place.port,
    path: [...layerPaths, place.searchPath].join(':'),
    extra: { [dynoIdVariable]: spec.id, HEARTH_LAYERS: layers.join(':') },
  })
  const boot = ['/bin/bash', '-c', bootScript, 'dyno', home, spec.command] as const
  const command = process.platform === 'linux' ? (['setpriv', '--pdeathsig', 'KILL', '--', ...boot] as const) : boot
  return { command, environment, isSandboxed: false }
}

async function launchOnPipes(spec: DynoSpec, plan: Plan, folder: string): Promise<Launched> {
  const output = await openUnnamed(path.join(folder, 'output'), openFifo)
  const input = spec.attach === 'pipes' ? await openUnnamed(path.join(folder, 'input'), openFifoForWriting) : null
  const letGo = () => {
    output.release()
    input?.release()
  }
  try {
    const started = await startPlanned(spec, plan, [input?.readFd ?? 'ignore', output.writeFd, output.writeFd])
    letGo()
    if (!input) return { ...started, log: output.stream, terminal: null, release: () => {} }
    const terminal = {
      input: toWritableStream(input.stream),
      output: toReadableStream(output.stream),
      resize: () => {},
    }
    return { ...started, log: null, terminal, release: () => void input.stream.destroy() }
  } catch (error) {
    letGo()
    output.stream.destroy()
    input?.stream.destroy()
    throw error
  }
}

async function launchOnPty(spec: DynoSpec, plan: Plan, size: TerminalSize): Promise<Launched> {
  const pair = openPty(size)
  try {
    const started = await startPlanned(spec, plan, [pair.slaveFd, pair.slaveFd, pair.slaveFd])
    return { ...started, log: null, terminal: toTerminal(pair), release: pair.releaseSlave }
  } catch (error) {
    pair.destroy()
    throw error
  }
}

function forkOnPty(spec: DynoSpec, plan: Plan, size: TerminalSize): Launched {
  const { pid, exit, ...master } = startPtyCommand(plan.command, { environment: plan.environment, size })
  const mark = { dynoId: spec.id, leaderPid: pid, pidNamespace: null }
  return { mark, exit, log: null, terminal: toTerminal(master), release: () => {} }
}

async function startPlanned(spec: DynoSpec, plan: Plan, stdio: readonly StandardStream[]) {
  const running = await startCommand(plan.command, {
    environment: plan.environment,
    stdio: plan.isSandboxed ? [...stdio, 'pipe'] : stdio,
  })
  const report = running.child.stdio[3] as Readable | null | undefined
  const pidNamespace = report ? await awaitReady(report) : null
  const exited = new Promise<CommandExit>((resolve) => {
    running.child.once('exit', (status, signal) => resolve({ status, signal }))
  })
  const { exitCode, signalCode } = running.child
  const exit =
    exitCode !== null || signalCode !== null ? Promise.resolve({ status: exitCode, signal: signalCode }) : exited
  const mark: TreeMark = { dynoId: spec.id, leaderPid: running.pid, pidNamespace }
  return { mark, child: running.child, exit: plan.isSandboxed ? exit.then(decodeShellStatus) : exit }
}

/** The PID namespace, once the sandbox is made; throws what its script said if it could not be. */
async function awaitReady(report: Readable): Promise<string> {
  let said = ''
  for await (const chunk of report) {
    said += String(chunk)
    const ready = /^ready (\S+)\n/m.exec(said)
    if (ready?.[1]) return ready[1]
  }
  throw new HearthError('internal', `The dyno's sandbox could not be made: ${said.trim() || 'no reason was given'}`, {
    detail: said,
  })
}

/** The script that makes the sandbox is the parent in there, and tells a signal as shells do: 128 and its number. */
function decodeShellStatus(exit: CommandExit): CommandExit {
  const signal = exit.status !== null && exit.status > 128 ? findSignal(exit.status - 128) : null
  return signal ? { status: null, signal } : exit
}

function toTerminal(master: PtyMaster): DynoTerminal {
  return {
    input: toWritableStream(master.stream),
    output: toReadableStream(master.stream),
    resize: (columns, rows) => master.resize({ columns, rows }),
  }
}
