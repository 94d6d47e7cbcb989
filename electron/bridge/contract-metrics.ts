import { z } from 'zod'
import { appMetrics, diskUse, metricsSpan, serverMetrics } from '../../agent/contract/metrics.ts'
import { call } from './define.ts'

export type { AppMetrics, DiskUse, MetricsSpan, ServerMetrics } from '../../agent/contract/metrics.ts'

/** Figures over time, as the agent recorded them; an agent of before they were there answers `not_found`. */
export const calls = {
  'metrics.app': call(z.strictObject({ serverId: z.string(), app: z.string(), span: metricsSpan }), appMetrics),
  'metrics.server': call(z.strictObject({ serverId: z.string(), span: metricsSpan }), serverMetrics),
  /** What the server's disk is used for; may take some seconds. */
  'metrics.disk': call(z.strictObject({ serverId: z.string() }), diskUse),
} as const
