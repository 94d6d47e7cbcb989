import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import type { PaneDoor } from '../../components/panes/pane-controls.tsx'
import type { Pane } from '../../lib/panes/pane-layout.ts'
import { targetOf } from '../../lib/target.ts'
import { logFocusKey, setLogFocus, useLogFocus } from '../../stores/log-focus.ts'
import { LogHistory } from './history/log-history.tsx'
import { LiveLog } from './live-log.tsx'
import type { LogFilter, LogSource } from './log-bar.tsx'
import styles from './logs.module.css'

interface LogsProps {
  summary: AppSummary
  pane: Pane
  panes: readonly Pane[]
  door: PaneDoor
}

/** The app's merged log: what happens now, or what is kept of before. */
export function Logs({ summary, pane, panes, door }: LogsProps) {
  const target = targetOf(summary)
  const [isLive, setLive] = useState(true)
  const [source, setSource] = useState<LogSource>('all')
  // A dyno that another screen points to is meant for the first log of the row.
  const isFirst = panes.find(({ kind }) => kind === 'log') === pane
  const focusKey = logFocusKey(target, isFirst ? null : pane.id)
  const process = useLogFocus((all) => all[focusKey] ?? '')
  const filter: LogFilter = {
    ...{ target, isLive, onLive: setLive, source, onSource: setSource, door },
    ...{ process, onProcess: (name) => setLogFocus(focusKey, name) },
  }
  return (
    <>
      {/* It goes on behind the history, and is as it was when one comes back. */}
      <div className={styles.logs} hidden={!isLive}>
        <LiveLog summary={summary} filter={filter} />
      </div>
      {!isLive && (
        <div className={styles.logs}>
          <LogHistory target={target} filter={filter} isOnline={summary.online} />
        </div>
      )}
    </>
  )
}
