import { useState } from 'react'
import { targetOf } from '../../lib/apps/target.ts'
import { logFocusKey, setLogFocus, useLogFocus } from '../../stores/log-focus.ts'
import type { ShownPane } from '../../stores/panes.ts'
import { LogHistory } from './history/log-history.tsx'
import { LiveLog } from './live-log.tsx'
import type { LogFilter, LogSource } from './log-bar.tsx'
import styles from './logs.module.css'

/** The app's merged log: what happens now, or what is kept of before. */
export function Logs(shown: ShownPane) {
  const { summary, pane, row } = shown
  const target = targetOf(summary)
  const [isLive, setLive] = useState(true)
  const [source, setSource] = useState<LogSource>('all')
  // A dyno that another screen points to is meant for the first log of the row.
  const isFirst = row.panes.find(({ kind }) => kind === 'log') === pane
  const focusKey = logFocusKey(target, isFirst ? null : pane.id)
  const process = useLogFocus((all) => all[focusKey] ?? '')
  const filter: LogFilter = {
    ...{ target, isLive, onLive: setLive, source, onSource: setSource, shown },
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
