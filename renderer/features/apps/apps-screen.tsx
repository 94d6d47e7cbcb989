import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { AppSummary, Server } from '../../../electron/bridge/contract.ts'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Page } from '../../components/page/page.tsx'
import { useMore } from '../../components/page/use-more.tsx'
import { UpgradeMark } from '../../components/server/upgrade-mark.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { countOf } from '../../lib/format.ts'
import { describeConnection } from '../../lib/status.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import { useServerProblems, useTraffic } from '../../stores/traffic.ts'
import { AppCard } from './app-card.tsx'
import styles from './apps.module.css'
import { FirstRun } from './first-run.tsx'

export function AppsScreen() {
  const apps = useResource('apps.list', {})
  const servers = useResource('servers.list', {})
  const error = apps.error ?? servers.error
  if (apps.data?.length === 0 && servers.data) return <FirstRun servers={servers.data} />
  return (
    <Page
      title="Apps"
      hint={apps.data && servers.data && summarize(apps.data, servers.data)}
      actions={
        <Button leftSection={<IconPlus size={14} />} onClick={() => go({ screen: 'new-app' })}>
          New app
        </Button>
      }
    >
      <ErrorNotice error={error} onRetry={error === apps.error ? apps.reload : servers.reload} />
      {!apps.data && !error && <LoadingRows rows={3} height={96} />}
      {apps.data &&
        servers.data
          ?.map((server) => ({ server, apps: apps.data?.filter((app) => app.serverId === server.id) ?? [] }))
          .filter((group) => group.apps.length > 0)
          .map((group) => <ServerApps key={group.server.id} {...group} />)}
    </Page>
  )
}

function summarize(apps: AppSummary[], servers: Server[]): string {
  return `${countOf(apps.length, 'app')} on ${countOf(servers.length, 'server')}`
}

function ServerApps({ server, apps }: { server: Server; apps: AppSummary[] }) {
  const traffic = useTraffic(server.id)
  const problems = useServerProblems(server.id)
  const { shown, end } = useMore(apps.length, 24)
  return (
    <section className={styles.group} aria-label={server.name}>
      <h2 className={styles.groupHead} {...rightClick('server', { server })}>
        <StatusMark {...describeConnection(server)} />
        {server.name}
        <UpgradeMark server={server} />
      </h2>
      {problems.length > 0 && (
        <p className={styles.problem} role="status">
          {problems.join(' ')}
        </p>
      )}
      <div className={styles.grid}>
        {apps.slice(0, shown).map((summary) => (
          <AppCard key={summary.app.id} summary={summary} traffic={traffic.get(summary.app.id)} />
        ))}
      </div>
      {end}
    </section>
  )
}
