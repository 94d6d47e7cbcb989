import type { AppSummary, CallResult } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { sayFormation } from '../../lib/apps/memory-plan.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { useObstacle } from '../../stores/access.ts'
import { useStep } from '../../stores/changes.ts'
import { useResource } from '../../stores/resources.ts'
import { useServerStatus } from '../../stores/traffic.ts'
import styles from './overview.module.css'
import { ProcessTypeRow } from './process-type-row.tsx'

/** How many dynos of which size each process type has, and what that may take of the server's memory. */
export function FormationPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('formation.list', target)
  const sizes = useResource('dynoSizes.list', { serverId: summary.serverId }).data ?? []
  const servers = useResource('servers.list', {}).data
  const status = useServerStatus(summary.serverId)
  const step = useStep(summary.app.id)
  const obstacle = useObstacle(summary, 'operate')
  const bytesOf = (size: string) => memoryOf(sizes, size)
  const server = summary.online &&
    status && {
      name: servers?.find(({ id }) => id === summary.serverId)?.name ?? 'The server',
      availableBytes: status.memory.available_bytes,
      totalBytes: status.memory.total_bytes,
    }
  const granted = data && data.length > 0 ? sayFormation(data, bytesOf, server || null) : null
  return (
    <Panel title="Formation" hint={summary.online ? step && `${step.verb}: ${step.step}` : 'as last seen'} isFlush>
      {!data && !error && <LoadingRows rows={2} height={44} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {data?.map((process) => (
        <ProcessTypeRow
          key={process.type}
          target={target}
          process={process}
          sizes={sizes}
          obstacle={obstacle}
          room={{
            bytesOf,
            availableBytes: server ? server.availableBytes : null,
            usedBytes: status ? usedBy(status, summary.app.id, process.type) : 0,
          }}
        />
      ))}
      {granted && <p className={styles.granted}>{granted}</p>}
    </Panel>
  )
}

/** In bytes; the API tells gigabytes, as Heroku's. */
function memoryOf(sizes: CallResult<'dynoSizes.list'>, size: string): number | null {
  const found = sizes.find(({ name }) => name === size)
  return found ? found.memory * 1024 ** 3 : null
}

function usedBy({ dynos }: CallResult<'servers.status'>, appId: string, type: string): number {
  const own = dynos.filter(({ app, name }) => app.id === appId && name.startsWith(`${type}.`))
  return own.reduce((sum, { memory_bytes }) => sum + (memory_bytes ?? 0), 0)
}
