import { Anchor } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { formatBytes } from '../../lib/format.ts'
import { type Traffic, useTraffic } from '../../stores/traffic.ts'
import styles from './overview.module.css'

export function ReleasePanel({ summary }: { summary: AppSummary }) {
  const { release } = summary
  return (
    <Panel
      title="Current release"
      actions={
        <Anchor component={RouteLink} to={{ screen: 'app', ...targetOf(summary), tab: 'releases' }} size="xs">
          All releases
        </Anchor>
      }
    >
      {release ? (
        <div className={styles.release}>
          <div className={styles.version}>
            v{release.version} <span>{release.status === 'succeeded' ? '' : release.status}</span>
          </div>
          <div className={styles.description} title={release.description}>
            {release.description}
          </div>
          <div className="dim">
            {release.user.email}, <Ago at={release.created_at} />
          </div>
        </div>
      ) : (
        <span className="dim">None yet.</span>
      )}
    </Panel>
  )
}

export function AppFacts({ summary: { app, serverId } }: { summary: AppSummary }) {
  const traffic = useTraffic(serverId).get(app.id)
  const facts: [string, React.ReactNode][] = [
    ['Language', app.buildpack_provided_description ?? 'not known yet'],
    ['Stack', app.stack.name],
    ['Slug', app.slug_size === null ? 'none yet' : formatBytes(app.slug_size)],
    ...(traffic ? describeTraffic(traffic) : []),
    ['Created', <Ago key="created" at={app.created_at} />],
  ]
  return (
    <Panel title="About">
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd className="truncate">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function describeTraffic({ requests, last_request_at }: Traffic): [string, React.ReactNode][] {
  return [
    [
      'Requests',
      <span key="requests" className="num" title="since the router started">
        {requests.toLocaleString('en')}
      </span>,
    ],
    ['Last request', last_request_at ? <Ago key="last" at={last_request_at} /> : 'none yet'],
  ]
}
