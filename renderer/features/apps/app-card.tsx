import { memo } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { Ago } from '../../components/ago.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { countOf } from '../../lib/format.ts'
import { describeApp } from '../../lib/status.ts'
import type { Traffic } from '../../stores/traffic.ts'
import styles from './apps.module.css'

/** Drawn again only when it has changed, not whenever the list gets longer. */
export const AppCard = memo(function AppCard({
  summary,
  traffic,
}: {
  summary: AppSummary
  traffic: Traffic | undefined
}) {
  const { app, release, dynos, url } = summary
  return (
    <RouteLink
      to={{ screen: 'app', ...targetOf(summary), tab: 'overview' }}
      className={styles.card}
      {...rightClick('app', { summary })}
    >
      <div className={styles.cardHead}>
        <span className={`${styles.name} truncate`}>{app.name}</span>
        <StatusMark {...describeApp(summary)} showLabel />
      </div>
      <span className={`${styles.url} truncate`}>{url ?? 'No address before the first deploy'}</span>
      {release && (
        <span className={styles.release}>
          <b>v{release.version}</b>{' '}
          <span className="truncate" title={release.description}>
            {release.description}
          </span>
          <Ago at={release.created_at} />
        </span>
      )}
      <div className={styles.facts}>
        <span>
          <b className="num">
            {dynos.up}/{dynos.wanted}
          </b>{' '}
          dynos up
        </span>
        {traffic && <TrafficFact traffic={traffic} />}
        {app.buildpack_provided_description && <span>{app.buildpack_provided_description}</span>}
      </div>
    </RouteLink>
  )
})

function TrafficFact({ traffic: { requests, last_request_at } }: { traffic: Traffic }) {
  return (
    <span title={`${countOf(requests, 'request')} since the router started`}>
      {last_request_at ? (
        <>
          last request <Ago at={last_request_at} />
        </>
      ) : (
        'no request yet'
      )}
    </span>
  )
}
