import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { CommandIcon } from '../../commands/command-icon.tsx'
import { paneCommands } from '../../commands/places/pane-commands.ts'
import { errorCodeLinks } from '../../components/error-codes/error-code-links.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { PaneSearch } from '../../components/panes/pane-search.tsx'
import { countOf, formatBytes } from '../../lib/format.ts'
import { type FeedState, pauseBoundBytes } from '../../lib/log/log-feed.ts'
import { saveTerminal } from '../../lib/terminal/save-terminal.ts'
import { useTerminal } from '../../lib/terminal/use-terminal.ts'
import { openLink } from '../../stores/links.ts'
import { usePaneActs } from '../../stores/panes.ts'
import { useTextSize } from '../../stores/text-size.ts'
import { LogBar, type LogFilter } from './log-bar.tsx'
import styles from './logs.module.css'
import { useLogFeed } from './use-log-feed.ts'

/** What is written now, and the last of what was. */
export function LiveLog({ summary, filter }: { summary: AppSummary; filter: LogFilter }) {
  const { target, source, process, isLive, shown } = filter
  const size = useTextSize()
  const [attempt, setAttempt] = useState(0)
  const options = { disableStdin: true, fontSize: size, scrollback: 10_000 }
  const { host, parts } = useTerminal(options, openLink, [errorCodeLinks])
  const query = {
    ...target,
    ...(source === 'all' ? {} : { source }),
    ...(process ? { process } : {}),
  }
  const { state, error, isEnded, feed } = useLogFeed(parts, query, { attempt, isOnline: summary.online })
  const { isPaused } = state
  const toggle = () => (isPaused ? void feed.current?.resume() : feed.current?.pause())
  const acts = {
    pause: { isPaused, toggle },
    ...(parts && { save: () => saveTerminal(target.app, parts), clear: () => parts.terminal.clear() }),
  }
  usePaneActs(shown.pane, isLive ? acts : null)
  return (
    <>
      <LogBar {...filter}>
        <PaneSearch label="Search the log" parts={parts} className={styles.search} />
        <span className={styles.grow} />
        <Button
          variant="default"
          className={styles.iconic}
          aria-label={isPaused ? 'Resume' : 'Pause'}
          leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          onClick={toggle}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <span className={styles.roomy}>
          <CommandIcon command={paneCommands.save} subject={shown} />
          <CommandIcon command={paneCommands.clear} subject={shown} />
        </span>
      </LogBar>
      {error && (
        <div className={styles.notice}>
          <ErrorNotice error={error} onRetry={() => setAttempt((count) => count + 1)} />
        </div>
      )}
      <section className={`${styles.pane} printed`} aria-label={`Log of ${target.app}`}>
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
    </>
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
    <span className="num truncate">
      {isLive ? 'Live' : 'Ended'} · {countOf(state.lines, 'line')} ·{' '}
      {isLive && state.lines === 0
        ? 'waiting for the first'
        : 'the last 10,000 stay here, older ones are in the history'}
    </span>
  )
}
