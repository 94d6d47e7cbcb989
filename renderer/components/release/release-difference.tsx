import { Button, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { type DifferenceRow, describeDifference } from '../../lib/apps/difference.ts'
import type { Target } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { LoadingRows } from '../page/loading-rows.tsx'
import { FileChanges } from './file-changes.tsx'
import styles from './release-difference.module.css'

interface ReleaseDifferenceProps {
  target: Target
  from: number
  to: number
  /** From what serves now to what would: then it says what becomes of dynos. */
  isPlan?: boolean
}

type Values = CallResult<'releases.configVarChanges'>

/** Two releases side by side: what differs. Values of config vars are asked for only when somebody wants to see them. */
export function ReleaseDifference({ target, from, to, isPlan = false }: ReleaseDifferenceProps) {
  const pair = { ...target, from, to }
  const { data, error, reload } = useResource('releases.difference', pair)
  const [values, setValues] = useState<Values | null>(null)
  const reveal = useAction(async () => setValues(await bridge().call('releases.configVarChanges', pair)))
  if (error && !data) return <ErrorNotice error={error} onRetry={reload} />
  if (!data) return <LoadingRows rows={3} height={20} />
  const { rows, same, unknown } = describeDifference(data)
  const hasVars = rows.some(({ kind }) => kind === 'config var')
  return (
    <div className={styles.difference}>
      {rows.length > 0 && (
        <table className={styles.table} aria-label={`What differs between v${from} and v${to}`}>
          <thead>
            <tr>
              <th scope="col">
                <VisuallyHidden>What</VisuallyHidden>
              </th>
              <th scope="col">
                v{from}
                {isPlan && ' (serves now)'}
              </th>
              <th scope="col">v{to}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={`${row.kind} ${row.name}`} row={withValues(row, values)} note={isPlan ? row.note : undefined} />
            ))}
          </tbody>
        </table>
      )}
      {data.files && <FileChanges files={data.files} />}
      <div className={styles.foot}>
        <span>
          {rows.length === 0 && !unknown && 'Nothing differs. '}
          {same && `The same in both: ${same}. `}
          {unknown && `Not known here: ${unknown}.`}
        </span>
        {hasVars && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            loading={reveal.isRunning}
            onClick={() => (values ? setValues(null) : void reveal.run())}
          >
            {values ? 'Hide values' : 'Show values'}
          </Button>
        )}
      </div>
      <ErrorNotice error={reveal.error} onClose={reveal.clearError} />
    </div>
  )
}

const marks = {
  added: { sign: '+', word: 'new: ' },
  removed: { sign: '−', word: 'gone: ' },
  changed: { sign: '~', word: 'changed: ' },
}

function Row({ row: { name, kind, from, to }, note }: { row: DifferenceRow; note: string | undefined }) {
  const change = from === null ? 'added' : to === null ? 'removed' : 'changed'
  const { sign, word } = marks[change]
  return (
    <tr data-change={change}>
      <th scope="row" className={kind === 'code' ? undefined : 'mono'}>
        <span className={styles.sign} aria-hidden="true">
          {sign}
        </span>
        <VisuallyHidden>{word}</VisuallyHidden>
        {name}
      </th>
      <td className="mono">{from ?? <None />}</td>
      <td className="mono">
        {to ?? <None />}
        {note && <span className={styles.note}> {note}</span>}
      </td>
    </tr>
  )
}

function None() {
  return (
    <span className="dim">
      <span aria-hidden="true">—</span>
      <VisuallyHidden>none</VisuallyHidden>
    </span>
  )
}

function withValues(row: DifferenceRow, values: Values | null): DifferenceRow {
  const shown = row.kind === 'config var' && values?.find(({ name }) => name === row.name)
  return shown ? { ...row, from: shown.from, to: shown.to } : row
}
