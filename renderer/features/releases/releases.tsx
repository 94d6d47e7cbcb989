import { Loader } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { execute } from '../../commands/execute.ts'
import { releaseCommands } from '../../commands/places/release-commands.ts'
import type { Subjects } from '../../commands/subject.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Findings } from '../../components/notices/findings.tsx'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { countOf } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useStep } from '../../stores/changes.ts'
import { useResource } from '../../stores/resources.ts'
import { ReleaseItem } from './release-item.tsx'
import styles from './releases.module.css'

const rollBack = releaseCommands['roll-back']

/** The ledger of one app: every release, newest first, and the way back to each. */
export function Releases({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('releases.list', target)
  const findings = useResource('ledger.findings', {}).data?.filter(({ appId }) => appId === summary.app.id) ?? []
  const rollback = useAction(async (chosen: Subjects['release']) => rollBack.run(chosen))
  const step = useStep(summary.app.id)
  const current = summary.release?.version
  return (
    <>
      <Findings findings={findings} />
      <Panel title="Releases" hint={data && countOf(data.length, 'release')} isFlush>
        <ErrorNotice error={rollback.error} onClose={rollback.clearError} isInset />
        {rollback.isRunning && (
          <div className={styles.step} role="status">
            <Loader /> Rolling back{step ? `: ${step.step}` : '…'}
          </div>
        )}
        {!data && !error && <LoadingRows rows={5} height={40} />}
        {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
        {data?.length === 0 && (
          <EmptyState icon={IconHistory} title="No releases yet">
            Each deploy, config var change and rollback becomes a numbered release here, and stays.
          </EmptyState>
        )}
        <ol className={styles.list} aria-label="Releases">
          {data?.map((release) => (
            <ReleaseItem
              key={release.version}
              subject={{ summary, release, releases: data }}
              isCurrent={release.version === current}
              isBusy={rollback.isRunning}
              onRollBack={() => execute(rollBack, { summary, release, releases: data }, rollback.run)}
            />
          ))}
        </ol>
      </Panel>
    </>
  )
}
