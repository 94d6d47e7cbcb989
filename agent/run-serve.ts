import { openAgent } from './agent.ts'
import { readConfig } from './config.ts'
import type { Journal } from './journal.ts'

/** `serve`: the agent itself. */
export async function runServe(parameters: string[], journal: Journal): Promise<{ close(): Promise<void> }> {
  return openAgent(readConfig(parameters), journal)
}
