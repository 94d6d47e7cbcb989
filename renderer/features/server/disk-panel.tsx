import type { DiskUse } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { ShareBar, type SharePart } from '../../components/share-bar.tsx'
import { formatBytes } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './disk.module.css'

type Kind = DiskUse['used_by'][number]['kind']

const words: Record<Kind, string> = {
  slugs: 'slugs: built apps, those for rollback too',
  layers: 'layers: the runtimes of dynos, shared by apps',
  stacks: 'stack: the root file system under them',
  caches: 'build caches',
  sources: 'sources that were sent',
  repositories: 'git repositories',
  builds: 'builds under way',
  logs: 'logs',
  other: 'the state itself',
}

/** The disk as a budget: what Hearth uses it for, what others do, what is free, and what stays so. */
export function DiskPanel({ serverId }: { serverId: string }) {
  const { data, error, reload } = useResource('metrics.disk', { serverId })
  // An agent of before it was told has nothing to show here, and the metrics panel says what to do.
  if (error?.id === 'not_found') return null
  return (
    <Panel
      title="Disk budget"
      hint={data && `${formatBytes(data.free_bytes)} free of ${formatBytes(data.total_bytes)}`}
    >
      {!data && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <LoadingRows rows={1} height={60} />}
      {data && <Budget use={data} />}
    </Panel>
  )
}

function Budget({ use }: { use: DiskUse }) {
  return (
    <>
      <ShareBar label="What the disk is used for" parts={partsOf(use)} />
      <p className={styles.note}>
        A build that would leave less than {formatBytes(use.reserve_bytes)} is refused. What dynos write is in memory
        and goes with them.
      </p>
    </>
  )
}

function partsOf({ used_by, total_bytes, free_bytes }: DiskUse): SharePart[] {
  const own = used_by.map(({ kind, bytes }, index) => ({
    name: words[kind],
    bytes,
    color: `--h-series-${(index % 8) + 1}`,
  }))
  const ours = own.reduce((sum, { bytes }) => sum + bytes, 0)
  const others = Math.max(0, total_bytes - free_bytes - ours)
  return [
    ...own,
    { name: 'everything else on this disk', bytes: others, color: '--h-dim' },
    { name: 'free', bytes: free_bytes, color: '--h-line' },
  ]
}
