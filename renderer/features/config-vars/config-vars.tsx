import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconEye, IconEyeOff, IconKey, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { changeConfigVars } from '../../commands/acts/config-vars.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { countOf } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { suffices } from '../../lib/role.ts'
import { useAppRole, useObstacle } from '../../stores/access.ts'
import { useStep } from '../../stores/changes.ts'
import { useResource } from '../../stores/resources.ts'
import { AddConfigVar } from './add-config-var.tsx'
import { ConfigVarRow } from './config-var-row.tsx'
import styles from './config-vars.module.css'
import { PasteDotenv } from './paste-dotenv.tsx'

export type Update = Record<string, string | null>

/** An app's settings for its dynos. Every change is a release; values stay hidden until asked for. */
export function ConfigVars({ summary }: { summary: AppSummary }) {
  const own = useAppRole(summary)
  const obstacle = useObstacle(summary, 'deploy')
  if (!own || suffices(own.role, 'deploy')) return <ReadableConfigVars summary={summary} />
  return (
    <Panel title="Config vars" isFlush>
      <EmptyState icon={IconLock} title="Not shown to you">
        {obstacle}
      </EmptyState>
    </Panel>
  )
}

function ReadableConfigVars({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('configVars.get', target)
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set())
  const [isPasting, paste] = useDisclosure(false)
  const update = useAction(async (change: Update) => {
    await changeConfigVars(summary, data ?? {}, change)
    return true
  })
  const step = useStep(summary.app.id)
  const names = Object.keys(data ?? {}).sort()
  const allShown = names.length > 0 && names.every((name) => revealed.has(name))
  const isReadOnly = !summary.online || update.isRunning
  const toggle = (name: string) => {
    const next = new Set(revealed)
    if (!next.delete(name)) next.add(name)
    setRevealed(next)
  }
  return (
    <Panel
      title="Config vars"
      hint={
        update.isRunning
          ? step
            ? `releasing: ${step.step}`
            : 'releasing…'
          : data && countOf(names.length, 'config var')
      }
      isFlush
      actions={
        <>
          <Button
            size="compact-xs"
            variant="default"
            disabled={names.length === 0}
            leftSection={allShown ? <IconEyeOff size={13} /> : <IconEye size={13} />}
            onClick={() => setRevealed(new Set(allShown ? [] : names))}
          >
            {allShown ? 'Hide all' : 'Reveal all'}
          </Button>
          <Button size="compact-xs" variant="default" disabled={isReadOnly} onClick={paste.open}>
            Paste .env
          </Button>
        </>
      }
    >
      <ErrorNotice error={update.error} onClose={update.clearError} isInset />
      {!data && !error && <LoadingRows rows={4} height={28} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {data && names.length === 0 && (
        <EmptyState icon={IconKey} title="No config vars yet">
          Addresses of databases, keys, switches: what differs between places and does not belong in the source.
        </EmptyState>
      )}
      <ul className={styles.list} aria-label="Config vars">
        {names.map((name) => (
          <ConfigVarRow
            key={name}
            name={name}
            value={data?.[name] ?? ''}
            isRevealed={revealed.has(name)}
            isReadOnly={isReadOnly}
            onToggle={() => toggle(name)}
            onChange={update.run}
          />
        ))}
      </ul>
      {data && <AddConfigVar taken={names} isReadOnly={isReadOnly} isRunning={update.isRunning} onAdd={update.run} />}
      <PasteDotenv isOpen={isPasting} current={data ?? {}} onClose={paste.close} onApply={update.run} />
    </Panel>
  )
}
