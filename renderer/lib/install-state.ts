import type { InstallEvent, PreflightCheck } from '../../electron/bridge/contract.ts'

export interface InstallStep {
  name: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
  durationMs: number | null
  message: string | null
  progress: { done: number; total: number } | null
}

export interface InstallState {
  checks: PreflightCheck[]
  steps: InstallStep[]
  output: string
}

export const noInstallYet: InstallState = { checks: [], steps: [], output: '' }

/** Long output is kept by its end: what went wrong is there. */
const keptOutput = 64 * 1024

/** The installation as the events have told it so far. */
export function applyInstallEvent(state: InstallState, event: InstallEvent): InstallState {
  switch (event.kind) {
    case 'check':
      return { ...state, checks: [...state.checks.filter(({ name }) => name !== event.check.name), event.check] }
    case 'plan':
      return { ...state, steps: event.steps.map(waiting) }
    case 'step': {
      const { state: stepState, durationMs, message } = event
      return patchStep(state, event.step, { state: stepState, durationMs, message })
    }
    case 'progress':
      return patchStep(state, event.step, { progress: { done: event.done, total: event.total } })
    case 'output':
      return { ...state, output: (state.output + event.text).slice(-keptOutput) }
  }
}

const waiting = (name: string): InstallStep => ({
  name,
  state: 'waiting',
  durationMs: null,
  message: null,
  progress: null,
})

function patchStep(state: InstallState, name: string, change: Partial<InstallStep>): InstallState {
  const steps = state.steps.some((step) => step.name === name) ? state.steps : [...state.steps, waiting(name)]
  return { ...state, steps: steps.map((step) => (step.name === name ? { ...step, ...change } : step)) }
}
