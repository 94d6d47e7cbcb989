import { Button } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import type { PaneDoor } from '../../components/panes/pane-controls.tsx'
import { countOf, formatBytes } from '../../lib/format.ts'
import { type FeedState, pauseBoundBytes } from '../../lib/log/log-feed.ts'
import type { Pane } from '../../lib/panes/pane-layout.ts'
import { targetOf } from '../../lib/target.ts'
import { useTerminal } from '../../lib/terminal/use-terminal.ts'
import { openLink } from '../../stores/links.ts'
import { logFocusKey, setLogFocus, useLogFocus } from '../../stores/log-focus.ts'
import { useTextSize } from '../../stores/text-size.ts'
import { LogBar } from './log-bar.tsx'
import styles from './logs.module.css'
import { useLogFeed } from './use-log-feed.ts'

interface LogsProps {
  summary: AppSummary
  pane: Pane
  panes: readonly Pane[]
  door: PaneDoor
}

/** The app's merged log, live. */
export function Logs({ summary, pane, panes, door }: LogsProps) {
  const target = targetOf(summary)
  const { size } = useTextSize()
  // A dyno that another screen points to is meant for the first log of the row.
  const isFirst = panes.find(({ kind }) => kind === 'log') === pane
  const focusKey = logFocusKey(target, isFirst ? null : pane.id)
  const [source, setSource] = useState<'all' | 'app' | 'heroku'>('all')
  const process = useLogFocus((all) => all[focusKey] ?? '')
  const [attempt, setAttempt] = useState(0)
  const { host, parts } = useTerminal(
    {
      disableStdin: true,
      fontSize: size,
      scrollback: 10_000,
    },
    openLink,
  )
  const query = {
    ...target,
    ...(source === 'all' ? {} : { source }),
    ...(process ? { process } : {}),
  }
  const { state, error, isEnded, feed } = useLogFeed(parts, query, { attempt, isOnline: summary.online })
  return (
    <div className={styles.logs}>
      <LogBar
        target={target}
        parts={parts}
        source={source}
        onSource={setSource}
        process={process}
        onProcess={(name) => setLogFocus(focusKey, name)}
        isPaused={state.isPaused}
        onPause={() => (state.isPaused ? void feed.current?.resume() : feed.current?.pause())}
        door={door}
      />
      {error && (
        <div className={styles.notice}>
          <ErrorNotice error={error} onRetry={() => setAttempt((count) => count + 1)} />
        </div>
      )}
      <section className={styles.pane} aria-label={`Log of ${summary.app.name}`}>
        <div ref={host} className={styles.host} />
        {!summary.online && state.lines === 0 && (
          <p className={styles.nothing}>The log is kept on the server. It shows here as soon as that is connected.</p>
        )}
      </section>
      <div className={styles.foot}>
        {summary.online ? (
          <FeedText state={state} isLive={!error && !isEnded} />
        ) : (
          <span>Goes on when the server is connected again.</span>
        )}
        {isEnded && (
          <Button size="compact-xs" variant="default" onClick={() => setAttempt((count) => count + 1)}>
            Follow again
          </Button>
        )}
      </div>
    </div>
  )
}

function FeedText({ state, isLive }: { state: FeedState; isLive: boolean }) {
  if (state.isPaused)
    return (
      <span className={`${styles.paused} num`} role="status">
        Paused: {countOf(state.waitingLines, 'line')} waiting, {formatBytes(state.waitingBytes)} of{' '}
        {formatBytes(pauseBoundBytes)} kept
        {state.waitingBytes >= pauseBoundBytes &&
          '. The bound is reached: the server counts what it drops from here on.'}
      </span>
    )
  return (
    <span className="num">
      {isLive ? 'Live' : 'Ended'} · {countOf(state.lines, 'line')} ·{' '}
      {isLive && state.lines === 0 ? 'waiting for the first' : 'the last 10,000 stay in the pane'}
    </span>
  )
}
