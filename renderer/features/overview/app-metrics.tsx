import { useMemo } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import {
  describeNothing,
  dynoCpuChart,
  dynoMemoryChart,
  requestsChart,
  responseTimeChart,
  withReleases,
} from '../../components/chart/metric-charts.ts'
import { MetricsPanel } from '../../components/chart/metrics-panel.tsx'
import { TimeChart } from '../../components/chart/time-chart.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { isKnown } from '../../lib/metrics/series.ts'
import { useResource } from '../../stores/resources.ts'
import { spanPollMs, useSpan } from '../../stores/span.ts'

/** What the app was asked for and what its dynos took, over time. */
export function AppMetricsPanel({ summary }: { summary: AppSummary }) {
  const { span } = useSpan()
  const { serverId, online } = summary
  const polling = online ? { pollMs: spanPollMs(span) } : {}
  const { data, error, reload } = useResource('metrics.app', { ...targetOf(summary), span }, polling)
  const cores = useResource('servers.status', { serverId }).data?.cpu.cores ?? null
  const releases = useResource('releases.list', targetOf(summary)).data
  const nothing = describeNothing(span)
  // The screen is drawn again whenever a dyno moves; the figures come rarely.
  const charts = useMemo(
    () =>
      data && {
        requests: withReleases(requestsChart(data), releases ?? []),
        times: withReleases(responseTimeChart(data), releases ?? []),
        memory: withReleases(dynoMemoryChart(data), releases ?? []),
        cpu: withReleases(dynoCpuChart(data, cores), releases ?? []),
      },
    [data, cores, releases],
  )
  const isRecorded = data !== undefined && isKnown(data.requests['2xx'])
  return (
    <MetricsPanel serverId={serverId} error={error} onRetry={reload}>
      {charts && (
        <>
          <TimeChart chart={charts.requests} empty={nothing} />
          <TimeChart chart={charts.times} empty={isRecorded ? 'No requests in this time.' : nothing} />
          <TimeChart chart={charts.memory} empty={isRecorded ? 'No dyno ran in this time.' : nothing} />
          <TimeChart chart={charts.cpu} empty={isRecorded ? 'No dyno ran in this time.' : nothing} />
        </>
      )}
    </MetricsPanel>
  )
}
