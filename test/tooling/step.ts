// One step of check or test: what it found, how long it took, and details that are shown only when it fails.
import { spawn } from 'node:child_process'
import { root } from './repository.ts'

export interface Outcome {
  isPassed: boolean
  /** One line, shown always: figures, counts. */
  summary: string
  /** Shown when the step failed. */
  details: string
}

export interface Step {
  name: string
  run(signal: AbortSignal): Promise<Outcome>
}

export interface StepResult extends Outcome {
  name: string
  seconds: number
}

export async function runStep({ name, run }: Step, signal: AbortSignal): Promise<StepResult> {
  const started = performance.now()
  let outcome: Outcome
  try {
    outcome = await run(signal)
  } catch (error) {
    outcome = { isPassed: false, summary: 'broke', details: error instanceof Error ? `${error.stack}` : `${error}` }
  }
  return { name, ...outcome, seconds: (performance.now() - started) / 1000 }
}

/** Runs all at once and tells of each as it ends, so that the first failure is seen early. */
export async function runSteps(steps: Step[], signal: AbortSignal): Promise<StepResult[]> {
  const results = await Promise.all(
    steps.map(async (step) => {
      const result = await runStep(step, signal)
      console.log(formatStep(result))
      return result
    }),
  )
  for (const { name, details } of results.filter(({ isPassed }) => !isPassed))
    console.log(`\n== ${name}\n${details.trim()}`)
  return results
}

export function formatStep({ name, isPassed, seconds, summary }: StepResult): string {
  const mark = isPassed ? 'ok    ' : 'FAILED'
  return `${mark} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s  ${summary}`.trimEnd()
}

export interface Finished {
  status: number | null
  output: string
}

/** Runs one of the tools under node_modules with this very Node, whatever `node` is on the PATH. */
export function runTool(script: string, parameters: string[], signal: AbortSignal): Promise<Finished> {
  return runProgram(process.execPath, [`${root}/node_modules/${script}`, ...parameters], signal)
}

export function runProgram(program: string, parameters: string[], signal: AbortSignal): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _, ...environment } = process.env
    const env = { ...environment, NO_COLOR: '1' }
    const child = spawn(program, parameters, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], signal })
    let output = ''
    const append = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', append)
    child.stderr.on('data', append)
    child.on('error', (error) => (signal.aborted ? resolve({ status: null, output }) : reject(error)))
    child.on('close', (status) => resolve({ status, output }))
    // A process that a failed test left behind holds the streams open: what it says is not waited for.
    child.on('exit', (status) => setTimeout(() => resolve({ status, output }), 2_000).unref())
  })
}
