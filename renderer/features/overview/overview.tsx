import { Button } from '@mantine/core'
import { IconPackageImport } from '@tabler/icons-react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { go } from '../../stores/route.ts'
import { AddressPanel } from './address-panel.tsx'
import { AppFacts, ReleasePanel } from './app-facts.tsx'
import { AppMetricsPanel } from './app-metrics.tsx'
import { DynosPanel } from './dynos-panel.tsx'
import { FormationPanel } from './formation-panel.tsx'
import styles from './overview.module.css'
import { RecentLog } from './recent-log.tsx'

export function Overview({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const isDeployed = summary.release?.slug != null
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        {isDeployed ? (
          <>
            <FormationPanel summary={summary} />
            <DynosPanel summary={summary} />
          </>
        ) : (
          <Panel title="Nothing runs yet">
            <EmptyState
              icon={IconPackageImport}
              title="Deploy to bring it up"
              actions={<Button onClick={() => go({ screen: 'app', ...target, tab: 'deploy' })}>Go to deploy</Button>}
            >
              Drop your app’s folder anywhere on this window. Its process types and dynos appear here.
            </EmptyState>
          </Panel>
        )}
      </div>
      {isDeployed && (
        <>
          <div className={styles.metrics}>
            <AppMetricsPanel summary={summary} />
          </div>
          <div className={styles.recent}>
            <RecentLog summary={summary} />
          </div>
        </>
      )}
      <div className={styles.aside}>
        <AddressPanel summary={summary} />
        <ReleasePanel summary={summary} />
        <AppFacts summary={summary} />
      </div>
    </div>
  )
}
