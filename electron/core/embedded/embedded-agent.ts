import { copyFile, readFile, rm, stat, truncate } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Program, StartProgram } from '../ports/program.ts'
import { probeAgent } from './embedded-probe.ts'
import { noteAgent, takeLeftAgent } from './left-agent.ts'

export type EmbeddedState =
  | { readonly state: 'starting'; readonly reason: string | null }
  | { readonly state: 'running' }
  | { readonly state: 'stopped'; readonly reason: string }

export interface EmbeddedAgentOptions {
  readonly command: readonly [string, ...string[]]
  readonly socketPath: string
  readonly logPath: string
  /** Who runs, for the next desktop. */
  readonly recordPath: string
  /** Tells the agent's program and version from others. */
  readonly program: () => Promise<string>
  readonly token: () => Promise<string>
  readonly startProgram: StartProgram
  readonly onState: (state: EmbeddedState) => void
  readonly timings?: Partial<EmbeddedTimings>
}

export interface EmbeddedTimings {
  /** From start to the first answer. */
  readonly startMs: number
  /** From SIGTERM to SIGKILL. */
  readonly stopMs: number
  readonly firstBackOffMs: number
  readonly maximumBackOffMs: number
}

const defaults: EmbeddedTimings = { startMs: 30_000, stopMs: 10_000, firstBackOffMs: 500, maximumBackOffMs: 30_000 }
const maximumLogBytes = 5 * 1024 * 1024
const logCheckMs = 60_000
/** An agent that ran this long did not die of its start. */
const steadyMs = 60_000

/** Keeps the agent of the embedded server running until it is told to stop. */
export async function keepAgentRunning(options: EmbeddedAgentOptions, signal: AbortSignal): Promise<void> {
  const timings = { ...defaults, ...options.timings }
  let left = await takeLeftAgent(options.recordPath, await options.program(), timings.stopMs)
  let reason: string | null = null
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    options.onState({ state: 'starting', reason })
    const startedAt = performance.now()
    reason = await runOnce(options, timings, signal, left).catch((error: Error) => error.message)
    left = null
    if (signal.aborted) break
    if (performance.now() - startedAt > steadyMs) attempt = 0
    options.onState({ state: 'stopped', reason: reason ?? '' })
    const pauseMs = Math.min(timings.maximumBackOffMs, timings.firstBackOffMs * 2 ** Math.min(attempt, 16))
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
  options.onState({ state: 'stopped', reason: 'Hearth is closing.' })
}

/** Starts the agent unless one is left, waits until it ends or we do, and says in a sentence how it ended. */
async function runOnce(
  options: EmbeddedAgentOptions,
  timings: EmbeddedTimings,
  signal: AbortSignal,
  left: Program | null,
): Promise<string> {
  const program = left ?? (await start(options))
  const over = new AbortController()
  const ended = program.exit.then((how) => {
    over.abort()
    return how
  })
  const trimming = setInterval(() => void trimLog(options.logPath), logCheckMs)
  try {
    await noteAgent(options.recordPath, program.pid, await options.program())
    const hasAnswered = await waitForAnswer(options, timings, AbortSignal.any([signal, over.signal]))
    if (hasAnswered) {
      options.onState({ state: 'running' })
      await Promise.race([ended, aborted(signal)])
    }
    const isOurDoing = !over.signal.aborted
    const how = await stop(program, ended, timings)
    return isOurDoing && !signal.aborted ? neverAnswered(options, timings) : await describeEnd(options, how)
  } finally {
    clearInterval(trimming)
    await rm(options.recordPath, { force: true })
  }
}

async function start(options: EmbeddedAgentOptions): Promise<Program> {
  await rm(options.socketPath, { force: true })
  await trimLog(options.logPath)
  return options.startProgram({ command: options.command, logPath: options.logPath })
}

async function waitForAnswer(
  options: EmbeddedAgentOptions,
  { startMs }: EmbeddedTimings,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + startMs
  while (!signal.aborted && performance.now() < deadline) {
    if (await probeAgent(options.socketPath, options.token)) return true
    await sleep(30, undefined, { signal }).catch(() => {})
  }
  return false
}

async function stop(program: Program, ended: Promise<string>, { stopMs }: EmbeddedTimings): Promise<string> {
  program.kill('SIGTERM')
  const kill = setTimeout(() => program.kill('SIGKILL'), stopMs)
  try {
    return await ended
  } finally {
    clearTimeout(kill)
  }
}

function neverAnswered({ logPath }: EmbeddedAgentOptions, { startMs }: EmbeddedTimings): string {
  return `The server of this computer started but did not answer in ${startMs / 1000} seconds. Its log is ${logPath}.`
}

async function describeEnd({ logPath }: EmbeddedAgentOptions, how: string): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '')
  const lastWords = text.trim().split('\n').slice(-2).join(' ').slice(-400)
  return `The server of this computer ended with ${how}${lastWords ? `: ${lastWords}` : '.'} Its log is ${logPath}.`
}

/** The agent appends to the file itself, so it is emptied in place; the part before is kept once. */
async function trimLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  )
  if (size < maximumLogBytes) return
  await copyFile(path, `${path}.1`)
  await truncate(path, 0)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
