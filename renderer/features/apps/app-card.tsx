import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { describeApp } from '../../lib/status.ts'
import { targetOf } from '../../lib/target.ts'
import styles from './apps.module.css'

export function AppCard({ summary }: { summary: AppSummary }) {
  const { app, release, dynos, url } = summary
  return (
    <RouteLink to={{ screen: 'app', ...targetOf(summary), tab: 'overview' }} className={styles.card}>
      <div className={styles.cardHead}>
        <span className={`${styles.name} truncate`}>{app.name}</span>
        <StatusMark {...describeApp(summary)} showLabel />
      </div>
      <span className={`${styles.url} truncate`}>{url ?? 'No address before the first deploy'}</span>
      <div className={styles.facts}>
        <span>
          <b className="num">
            {dynos.up}/{dynos.wanted}
          </b>{' '}
          dynos up
        </span>
        {release && (
          <span>
            <b>v{release.version}</b> <Ago at={release.created_at} />
          </span>
        )}
        {app.buildpack_provided_description && <span>{app.buildpack_provided_description}</span>}
      </div>
    </RouteLink>
  )
}
