import { z } from 'zod'
import { appReference, timestamp } from './common.ts'

/** What an event is about; the named list is fetched again by who shows it. */
export const eventTopic = z.enum([
  'apps',
  'builds',
  'releases',
  'formation',
  'dynos',
  'config-vars',
  'domains',
  'buildpacks',
  'access',
  'activity',
  'operation',
  'server',
])
export type EventTopic = z.infer<typeof eventTopic>

/** A step of an operation, for progress on the screen. */
export const operationStep = z.strictObject({
  /** Same for all steps of one operation. */
  operation: z.string(),
  /** `deploy`, `rollback`, `scale`, ... */
  verb: z.string(),
  /** `start the new dynos`, ... */
  step: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  message: z.string().nullable(),
})
export type OperationStep = z.infer<typeof operationStep>

/**
 * Extension: one line of the events stream (`application/x-ndjson`). The first line after connecting has topic
 * `server`. An empty line is a heartbeat, at least every 15 s.
 */
export const event = z.strictObject({
  sequence: z.number().int(),
  at: timestamp,
  topic: eventTopic,
  app: appReference.nullable(),
  step: operationStep.nullable(),
})
export type Event = z.infer<typeof event>
