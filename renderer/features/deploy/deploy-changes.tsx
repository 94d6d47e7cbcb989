import { Button } from '@mantine/core'
import type { AppSummary, LedgerRelease } from '../../../electron/bridge/contract.ts'
import { confirmRollback } from '../../components/confirm-rollback.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Guarded } from '../../components/guarded.tsx'
import { ReleaseDifference } from '../../components/release-difference.tsx'
import { targetOf } from '../../lib/target.ts'
import { useAction } from '../../lib/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './deploy.module.css'

/** After a deploy: what it changed since the release that served before, and the way back to that one. */
export function DeployChanges({ summary, version }: { summary: AppSummary; version: number }) {
  const target = targetOf(summary)
  const { data } = useResource('releases.list', target)
  const obstacle = useObstacle(summary, 'deploy')
  const rollback = useAction((to: number) => bridge().call('releases.rollback', { ...target, version: to }))
  const before = data?.find((release) => served(release) && release.version < version)
  if (!before) return null
  const isCurrent = data?.some((release) => release.version === version && release.release?.current)
  const rollBack = () =>
    confirmRollback({
      ...{ target, release: before, current: version, instead: undefined },
      onConfirm: (to) => void rollback.run(to),
    })
  return (
    <section className={styles.changes} aria-label="What this deploy changed">
      <div className={styles.changesHead}>
        <h3>What changed since v{before.version}</h3>
        {isCurrent && (
          <Guarded obstacle={obstacle}>
            <Button
              variant="default"
              size="compact-xs"
              disabled={obstacle !== null}
              loading={rollback.isRunning}
              onClick={rollBack}
            >
              Roll back to v{before.version}
            </Button>
          </Guarded>
        )}
      </div>
      <ReleaseDifference target={target} from={before.version} to={version} />
      <ErrorNotice error={rollback.error} onClose={rollback.clearError} />
    </section>
  )
}

/** Releases without code never served anything. */
function served({ release }: LedgerRelease): boolean {
  return release?.status === 'succeeded' && release.slug !== null
}
