import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { appMetricsResource, diskUseResource, serverMetricsResource } from '../resources/metrics-resource.ts'

/** Figures over time. */
export function openMetricsCalls(context: Context) {
  return {
    getAppMetrics: async ({ parameters }) =>
      appMetricsResource(context, findApp(context.store, parameters.app), parameters.span),
    getServerMetrics: async ({ parameters }) => serverMetricsResource(context, parameters.span),
    getDiskUse: () => diskUseResource(context),
  } satisfies Partial<Calls>
}
