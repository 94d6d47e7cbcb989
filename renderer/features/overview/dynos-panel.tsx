import { Button, Progress } from '@mantine/core'
import { memo } from 'react'
import type { AppSummary, CallResult } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { appCommands } from '../../commands/places/app-commands.ts'
import { dynoCommands } from '../../commands/places/dyno-commands.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Ago } from '../../components/ago.tsx'
import { DynoName } from '../../components/dyno-name.tsx'
import { ExplainedText } from '../../components/error-codes/explained-text.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { useMore } from '../../components/page/use-more.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { adviseOn, sayAsleep, sayRefusal, type WebDynos } from '../../lib/apps/explain-dyno.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { describeDyno } from '../../lib/status.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './overview.module.css'

type DynoEntry = CallResult<'dynos.list'>[number]

/** Every dyno as it is now. Memory moves without an event, so it is asked for while the screen is open. */
export function DynosPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('dynos.list', target, summary.online ? { pollMs: 5000 } : {})
  const restart = useCommand(appCommands.restart, { summary })
  const formation = useResource('formation.list', target).data
  const { shown, end } = useMore(data?.length ?? 0, 20)
  const web = summary.online && data && formation ? webDynosOf(summary, formation, data) : null
  const refusal = web && sayRefusal(web)
  const asleep = web && sayAsleep(web)
  return (
    <Panel
      title="Dynos"
      hint={data && `${countOf(data.length, 'dyno')}${summary.online ? '' : ', as last seen'}`}
      isFlush
      actions={
        <Guarded obstacle={restart.obstacle}>
          <Button
            variant="default"
            size="compact-xs"
            disabled={restart.obstacle !== null || !data?.length}
            loading={restart.isRunning}
            onClick={restart.start}
          >
            {restart.label}
          </Button>
        </Guarded>
      }
    >
      <ErrorNotice error={restart.error} onClose={restart.clearError} isInset />
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {refusal && (
        <p className={styles.refusal} role="status">
          <ExplainedText text={refusal} />
        </p>
      )}
      {asleep && (
        <p className={styles.refusal} role="status" data-quiet>
          {asleep}
        </p>
      )}
      {!data && !error && <LoadingRows rows={3} height={28} />}
      {data?.length === 0 && (
        <p className="dim" style={{ margin: 0, padding: 14 }}>
          No dynos. Move a slider above zero to start one.
        </p>
      )}
      {data && (
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label="Dynos">
          {data.slice(0, shown).map((entry) => (
            <DynoRow key={entry.dyno.id} summary={summary} entry={entry} />
          ))}
        </ul>
      )}
      {end}
    </Panel>
  )
}

/** What becomes of requests hangs on these; an app without a web process type takes none. */
function webDynosOf({ app }: AppSummary, formation: CallResult<'formation.list'>, dynos: DynoEntry[]): WebDynos | null {
  const web = formation.find(({ type }) => type === 'web')
  if (!web) return null
  const states = dynos.filter(({ dyno }) => dyno.type === 'web').map(({ dyno, status }) => status?.state ?? dyno.state)
  return { wanted: web.quantity, states, isMaintenance: app.maintenance }
}

/** Drawn again only when it has changed, not whenever the list gets longer. */
const DynoRow = memo(function DynoRow({ summary, entry }: { summary: AppSummary; entry: DynoEntry }) {
  const { dyno, status } = entry
  const subject = { summary, dyno }
  const state = status?.state ?? dyno.state
  const advice = status?.reason ? adviseOn(status.reason) : null
  return (
    <li className={styles.dyno} {...rightClick('dyno', subject)}>
      <DynoName name={dyno.name} />
      <StatusMark {...describeDyno(state)} showLabel />
      <span
        className={styles.reason}
        data-wide={status?.memory_bytes == null || undefined}
        data-below={(status?.reason && status.memory_bytes != null) || undefined}
        data-bad={state === 'crashed' || undefined}
      >
        {status?.reason && <ExplainedText text={status.reason} />}
        {advice && <span className={styles.advice}>{advice}</span>}
        {state === 'crashed' && (
          <CommandButton command={dynoCommands.logs} subject={subject} size="compact-xs" mt={4} />
        )}
      </span>
      <Memory used={status?.memory_bytes ?? null} limit={status?.memory_limit_bytes ?? null} dyno={dyno.name} />
      <span className={styles.since}>
        <Ago at={status?.since ?? dyno.updated_at} />
      </span>
      <CommandMenu place="dyno" subject={subject} label={`Actions for ${dyno.name}`} />
    </li>
  )
})

function Memory({ used, limit, dyno }: { used: number | null; limit: number | null; dyno: string }) {
  if (used === null) return null
  const share = limit ? (used / limit) * 100 : 0
  return (
    <span className={`${styles.memory} num`}>
      {formatBytes(used)}
      {limit && ` of ${formatBytes(limit)}`}
      {limit && (
        <Progress size={3} value={share} color={share > 90 ? 'red' : 'ember'} aria-label={`Memory of ${dyno}`} />
      )}
    </span>
  )
}
