import { Button, Tooltip } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useState } from 'react'
import { Ago } from '../../components/ago.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { shortenFingerprint } from '../../lib/fingerprint.ts'
import { countOf } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './access.module.css'

const firstShown = 12

/** Who did what, newest first: to an app, or without one to the server as a whole. */
export function ActivityPanel({ serverId, app }: { serverId: string; app?: string }) {
  const { data, error, reload } = useResource('activity.list', app === undefined ? { serverId } : { serverId, app })
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? data : data?.slice(0, firstShown)
  return (
    <Panel title="Activity" hint="who did what, and by which key" isFlush>
      {!data && !error && <LoadingRows rows={3} height={34} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {data?.length === 0 && (
        <EmptyState icon={IconActivity} title="Nothing yet">
          Every change from now on stands here, with the name of whoever made it.
        </EmptyState>
      )}
      <ol className={styles.list} aria-label="Activity">
        {shown?.map((deed) => (
          <li key={deed.id} className={styles.deed}>
            <span className={styles.what}>{deed.description}</span>
            <span className={styles.by}>
              <span>{deed.user.email}</span>
              {deed.key && (
                <Tooltip label={deed.key}>
                  <span className="mono">{shortenFingerprint(deed.key)}</span>
                </Tooltip>
              )}
              <Ago at={deed.created_at} />
            </span>
          </li>
        ))}
      </ol>
      {data && data.length > firstShown && !isWhole && (
        <div className={styles.more}>
          <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>
            Show all {countOf(data.length, 'entry', 'entries')}
          </Button>
        </div>
      )}
    </Panel>
  )
}
