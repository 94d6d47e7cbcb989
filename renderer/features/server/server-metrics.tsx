import {
  describeNothing,
  requestsChart,
  responseTimeChart,
  serverCharts,
} from '../../components/chart/metric-charts.ts'
import { MetricsPanel } from '../../components/chart/metrics-panel.tsx'
import { TimeChart } from '../../components/chart/time-chart.tsx'
import { isKnown } from '../../lib/metrics/series.ts'
import { useResource } from '../../stores/resources.ts'
import { spanPollMs, useSpan } from '../../stores/span.ts'

/** What all apps together were asked for, and what the machine had to do, over time. */
export function ServerMetricsPanel({ serverId }: { serverId: string }) {
  const { span } = useSpan()
  const { data, error, reload } = useResource('metrics.server', { serverId, span }, { pollMs: spanPollMs(span) })
  const nothing = describeNothing(span)
  const charts = data && serverCharts(data)
  const isRecorded = data !== undefined && isKnown(data.requests['2xx'])
  return (
    <MetricsPanel serverId={serverId} error={error} onRetry={reload}>
      {data && charts && (
        <>
          <TimeChart chart={requestsChart(data)} empty={nothing} />
          <TimeChart chart={responseTimeChart(data)} empty={isRecorded ? 'No requests in this time.' : nothing} />
          <TimeChart chart={charts.memory} empty={nothing} />
          <TimeChart chart={charts.cpu} empty={nothing} />
        </>
      )}
    </MetricsPanel>
  )
}
