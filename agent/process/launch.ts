import path from 'node:path'
import type { Readable } from 'node:stream'
import type { TerminalKind } from '../contract/dynos/terminal.ts'
import { HearthError } from '../contract/errors.ts'
import type { DynoTerminal } from '../core/ports/dynos/dyno-runner.ts'
import { type CommandExit, killGroup, type StandardStream, startCommand } from '../exec/command.ts'
import { type FifoReader, openFifo, openFifoForWriting, openUnnamed } from '../exec/fifo.ts'
import { openPty, type PtyMaster, startPtyCommand, type TerminalSize } from '../exec/pty.ts'
import { findSignal } from '../exec/signal.ts'
import { toReadableStream, toWritableStream } from '../exec/web-streams.ts'
import { writeRecord } from './dyno-record.ts'
import type { Plan } from './launch-plan.ts'
import { holdNamespace } from './pid-namespace.ts'
import type { TreeMark } from './process-tree.ts'

/** A dyno's process, just started. */
export interface Launched {
  readonly mark: TreeMark
  readonly exit: Promise<CommandExit>
  /** What it writes to its log; null when a terminal has it. */
  readonly log: Readable | null
  readonly terminal: DynoTerminal | null
  readonly isOnPty: boolean
  /** To be called when no process of the dyno is left: what reads its output then comes to an end, and its mark is no longer its own. */
  release(): void
}

interface LaunchSpec {
  readonly id: string
  readonly terminal: TerminalKind | null
}

/** Starts a dyno's process; resolves when its root is made and its command is about to run. */
export async function launch(spec: LaunchSpec, plan: Plan, folder: string): Promise<Launched> {
  const launched = await launchPlanned(spec, plan, folder)
  try {
    await writeRecord(folder, launched.mark)
    return launched
  } catch (error) {
    killGroup(launched.mark.leaderPid, 'SIGKILL')
    launched.release()
    throw error
  }
}

async function launchPlanned(spec: LaunchSpec, plan: Plan, folder: string): Promise<Launched> {
  const { terminal } = spec
  if (terminal?.kind !== 'pty') return await launchOnPipes(spec, plan, folder)
  return plan.isSandboxed ? await launchOnPty(spec, plan, terminal) : forkOnPty(spec, plan, terminal)
}

async function launchOnPipes({ id, terminal }: LaunchSpec, plan: Plan, folder: string): Promise<Launched> {
  const isApart = terminal?.kind === 'pipes' && terminal.areErrorsApart
  const output = await openUnnamed(path.join(folder, 'output'), openFifo)
  const errors = isApart ? await openUnnamed(path.join(folder, 'errors'), openFifo) : null
  const input = terminal ? await openUnnamed(path.join(folder, 'input'), openFifoForWriting) : null
  const letGo = () => {
    for (const end of [output, errors, input]) end?.release()
  }
  try {
    const stdio = [input?.readFd ?? 'ignore', output.writeFd, (errors ?? output).writeFd] as const
    const started = await startPlanned(id, plan, stdio)
    letGo()
    if (!input) return { ...started, log: output.stream, terminal: null, isOnPty: false }
    const pipes = { input: toWritableStream(input.stream), ...readEnds(output, errors), resize: () => {} }
    const release = () => {
      started.release()
      input.stream.destroy()
    }
    return { ...started, log: null, terminal: pipes, isOnPty: false, release }
  } catch (error) {
    letGo()
    for (const end of [output, errors, input]) end?.stream.destroy()
    throw error
  }
}

function readEnds(output: FifoReader, errors: FifoReader | null): Pick<DynoTerminal, 'output' | 'errors'> {
  return { output: toReadableStream(output.stream), errors: errors && toReadableStream(errors.stream) }
}

async function launchOnPty({ id }: LaunchSpec, plan: Plan, size: TerminalSize): Promise<Launched> {
  const pair = openPty(size)
  try {
    const started = await startPlanned(id, plan, [pair.slaveFd, pair.slaveFd, pair.slaveFd])
    const release = () => {
      started.release()
      pair.releaseSlave()
    }
    return { ...started, log: null, terminal: toTerminal(pair), isOnPty: true, release }
  } catch (error) {
    pair.destroy()
    throw error
  }
}

function forkOnPty({ id }: LaunchSpec, plan: Plan, size: TerminalSize): Launched {
  const { pid, exit, ...master } = startPtyCommand(plan.command, { environment: plan.environment, size })
  const mark = { dynoId: id, leaderPid: pid, pidNamespace: null }
  return { mark, exit, log: null, terminal: toTerminal(master), isOnPty: true, release: () => {} }
}

async function startPlanned(id: string, plan: Plan, stdio: readonly StandardStream[]) {
  const running = await startCommand(plan.command, {
    environment: plan.environment,
    stdio: plan.isSandboxed ? [...stdio, 'pipe'] : stdio,
  })
  const report = running.child.stdio[3] as Readable | null | undefined
  const hasOwnNamespace = report ? await awaitReady(report) : false
  const held = hasOwnNamespace ? holdNamespace(running.pid) : null
  const exited = new Promise<CommandExit>((resolve) => {
    running.child.once('exit', (status, signal) => resolve({ status, signal }))
  })
  const { exitCode, signalCode } = running.child
  const exit =
    exitCode !== null || signalCode !== null ? Promise.resolve({ status: exitCode, signal: signalCode }) : exited
  const mark: TreeMark = { dynoId: id, leaderPid: running.pid, pidNamespace: held?.name ?? null }
  return { mark, exit: plan.isSandboxed ? exit.then(decodeShellStatus) : exit, release: () => held?.release() }
}

/** Whether the dyno has a PID namespace of its own, once its sandbox is made; throws what the script said if it could not be. */
async function awaitReady(report: Readable): Promise<boolean> {
  let said = ''
  for await (const chunk of report) {
    said += String(chunk)
    const ready = /^ready (own|shared)\n/m.exec(said)
    if (ready) return ready[1] === 'own'
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
    errors: null,
    resize: (columns, rows) => master.resize({ columns, rows }),
  }
}
