import { randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import type { EventHub } from './event-hub.ts'

/** Runs one named step of an operation and tells the events stream how it went. */
export type RunStep = <T>(step: string, work: () => Promise<T>) => Promise<T>

export function openSteps(events: EventHub, app: { id: string; name: string }, verb: string): RunStep {
  const operation = randomUUID()
  return async (step, work) => {
    events.step(app, { operation, verb, step, state: 'running', message: null })
    try {
      const result = await work()
      events.step(app, { operation, verb, step, state: 'done', message: null })
      return result
    } catch (error) {
      events.step(app, { operation, verb, step, state: 'failed', message: explain(error) })
      throw error
    }
  }
}

/** A sentence that may be shown; what is not ours to show stays in the operator's journal. */
export function explain(error: unknown): string {
  return error instanceof HearthError
    ? error.message
    : 'An internal error occurred; the agent’s journal has the details.'
}
