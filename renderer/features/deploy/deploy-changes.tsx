import { Button } from '@mantine/core'
import type { AppSummary, LedgerRelease } from '../../../electron/bridge/contract.ts'
import { releaseCommands } from '../../commands/places/release-commands.ts'
import type { Subjects } from '../../commands/subject.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { ReleaseDifference } from '../../components/release/release-difference.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './deploy.module.css'

/** After a deploy: what it changed since the release that served before, and the way back to that one. */
export function DeployChanges({ summary, version }: { summary: AppSummary; version: number }) {
  const target = targetOf(summary)
  const releases = useResource('releases.list', target).data ?? []
  const before = releases.find((release) => served(release) && release.version < version)
  if (!before) return null
  const isCurrent = releases.some((release) => release.version === version && release.release?.current)
  return (
    <section className={styles.changes} aria-label="What this deploy changed">
      <div className={styles.changesHead}>
        <h3>What changed since v{before.version}</h3>
        {isCurrent && <WayBack subject={{ summary, release: before, releases }} />}
      </div>
      <ReleaseDifference target={target} from={before.version} to={version} />
    </section>
  )
}

function WayBack({ subject }: { subject: Subjects['release'] }) {
  const rollBack = useCommand(releaseCommands['roll-back'], subject)
  const { obstacle, error, clearError } = rollBack
  return (
    <>
      <Guarded obstacle={obstacle}>
        <Button
          variant="default"
          size="compact-xs"
          disabled={obstacle !== null}
          loading={rollBack.isRunning}
          onClick={rollBack.start}
        >
          {rollBack.label}
        </Button>
      </Guarded>
      <ErrorNotice error={error} onClose={clearError} />
    </>
  )
}

/** Releases without code never served anything. */
function served({ release }: LedgerRelease): boolean {
  return release?.status === 'succeeded' && release.slug !== null
}
