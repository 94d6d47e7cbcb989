import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { LoadingRows } from '../../components/loading-rows.tsx'
import { Panel } from '../../components/panel.tsx'
import { targetOf } from '../../lib/target.ts'
import { useObstacle } from '../../stores/access.ts'
import { useStep } from '../../stores/changes.ts'
import { useResource } from '../../stores/resources.ts'
import { ProcessTypeRow } from './process-type-row.tsx'

/** How many dynos of which size each process type has. */
export function FormationPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('formation.list', target)
  const sizes = useResource('dynoSizes.list', { serverId: summary.serverId }).data
  const step = useStep(summary.app.id)
  const obstacle = useObstacle(summary, 'operate')
  return (
    <Panel title="Formation" hint={summary.online ? step && `${step.verb}: ${step.step}` : 'as last seen'} isFlush>
      {!data && !error && <LoadingRows rows={2} height={44} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {data?.map((process) => (
        <ProcessTypeRow key={process.type} target={target} process={process} sizes={sizes ?? []} obstacle={obstacle} />
      ))}
    </Panel>
  )
}
