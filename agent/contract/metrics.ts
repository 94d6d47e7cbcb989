import { z } from 'zod'
import { timestamp } from './common.ts'

/** How much of the past: 1 h in steps of 10 s, 24 h in steps of 2 min, 7 d in steps of 15 min. */
export const metricsSpan = z.enum(['1h', '24h', '7d'])
export type MetricsSpan = z.infer<typeof metricsSpan>

/** One figure for each step, oldest first; null: not known, since nobody recorded or there was nothing to measure. */
const figures = z.array(z.number().nullable())

const traffic = {
  span: metricsSpan,
  /** When the first step begins. The last one is over: what goes on now is not in it. */
  start_at: timestamp,
  step_seconds: z.number().int(),
  /** Requests a second by class of status, on average over the step. A websocket is a 1xx, counted when it ends. */
  requests: z.strictObject({ '1xx': figures, '2xx': figures, '3xx': figures, '4xx': figures, '5xx': figures }),
  /**
   * Milliseconds from a request's arrival at the router to the end of its answer, within which a half, 95 % and 99 % of the step's
   * requests were answered; to about a tenth. Null in a step without requests.
   */
  response_time: z.strictObject({ p50: figures, p95: figures, p99: figures }),
}

/** Extension: an app over time. */
export const appMetrics = z.strictObject({
  ...traffic,
  /** Of the formation, each that was there at any time of the span. */
  dynos: z.array(
    z.strictObject({
      name: z.string(),
      /** The newest that is known; null where dynos have none. */
      memory_limit_bytes: z.number().int().nullable(),
      /** The highest of the step. */
      memory_bytes: figures,
      /** Cores kept busy, on average: 0.5 is half of one. */
      cpu: figures,
    }),
  ),
})
export type AppMetrics = z.infer<typeof appMetrics>

/** Extension: the server over time, its requests those of all apps together. */
export const serverMetrics = z.strictObject({
  ...traffic,
  memory: z.strictObject({
    total_bytes: z.number().int().nullable(),
    /** What programs can't have any more, the highest of the step. */
    used_bytes: figures,
  }),
  cpu: z.strictObject({
    cores: z.number().int().nullable(),
    /** Cores kept busy, on average, by whatever runs on the machine. */
    used: figures,
  }),
  /** The disk that the state is on, at the end of the step. */
  disk: z.strictObject({ total_bytes: z.number().int().nullable(), used_bytes: figures }),
})
export type ServerMetrics = z.infer<typeof serverMetrics>

/**
 * Extension: what Hearth's part of the disk is used for. `layers` are runtimes that apps share, `caches` the builds', `sources` what
 * was sent and not built yet, `other` the state itself. What dynos write is in memory.
 */
export const diskUse = z.strictObject({
  /** When `used_by` was measured, at most ten minutes ago. */
  measured_at: timestamp,
  total_bytes: z.number().int(),
  /** Of now. */
  free_bytes: z.number().int(),
  /** A build that would leave less than this is refused. */
  reserve_bytes: z.number().int(),
  /** The largest first; empty where it can't be measured (Windows). */
  used_by: z.array(
    z.strictObject({
      kind: z.enum(['slugs', 'layers', 'stacks', 'caches', 'sources', 'repositories', 'builds', 'logs', 'other']),
      bytes: z.number().int(),
    }),
  ),
})
export type DiskUse = z.infer<typeof diskUse>
