import { IconChartLine } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { useResource } from '../../stores/resources.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { EmptyState } from '../page/empty-state.tsx'
import { LoadingRows } from '../page/loading-rows.tsx'
import { Panel } from '../page/panel.tsx'
import styles from './chart.module.css'
import { SpanSwitch } from './span-switch.tsx'

interface MetricsPanelProps {
  serverId: string
  error: ErrorEnvelope | null
  onRetry: () => void
  /** The charts, as soon as there are figures; those of before stay while the server is away. */
  children: ReactNode | null
}

/** Charts over the same part of the past. */
export function MetricsPanel({ serverId, error, onRetry, children }: MetricsPanelProps) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
  const isAway = server !== undefined && server.connection.state !== 'online'
  const isOld = error?.id === 'not_found' && server?.age === 'outdated'
  return (
    <Panel title="Metrics" hint={children && isAway ? 'as last seen' : undefined} actions={<SpanSwitch />}>
      {children && <div className={styles.grid}>{children}</div>}
      {!children && isAway && (
        <p className="dim" style={{ margin: 0 }}>
          Figures are kept on the server, and here again when it is connected.
        </p>
      )}
      {!children && isOld && (
        <EmptyState icon={IconChartLine} title="Not recorded yet">
          The agent on {server.name} is older than this Hearth and keeps no figures over time. Upgrade it, and they
          begin.
        </EmptyState>
      )}
      {!children && !isOld && !isAway && <ErrorNotice error={error} onRetry={onRetry} />}
      {!children && !error && !isAway && <LoadingRows rows={2} height={148} />}
    </Panel>
  )
}
