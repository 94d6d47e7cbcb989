import { Anchor } from '@mantine/core'
import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ExplainedText } from '../../components/error-codes/explained-text.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { type Target, targetOf } from '../../lib/apps/target.ts'
import { type KeptLine, lastLines } from '../../lib/log/last-lines.ts'
import { splitLogLine, tagOf, withoutColours } from '../../lib/log/log-line.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './overview.module.css'

const shownLines = 14

/** What the app said last, live: enough to see that it is well. The whole log has a screen of its own. */
export function RecentLog({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const lines = useLastLines(target, summary.online)
  return (
    <Panel
      title="Recent log"
      hint={summary.online ? undefined : 'as last seen'}
      isFlush
      actions={
        <Anchor component={RouteLink} to={{ screen: 'app', ...target, tab: 'logs' }} size="xs">
          All of it
        </Anchor>
      }
    >
      {lines.length === 0 && <p className={styles.silent}>Nothing was said yet.</p>}
      {lines.length > 0 && (
        <ol className={`${styles.log} mono`} aria-label="Recent log">
          {lines.map(({ key, line }) => (
            <LogLine key={key} line={line} />
          ))}
        </ol>
      )}
    </Panel>
  )
}

function LogLine({ line }: { line: string }) {
  const parts = splitLogLine(line)
  if (!parts) return <li title={line}>{line}</li>
  return (
    <li title={line}>
      <span className="dim">{parts.time.slice(0, 8)}</span> <span className={styles.said}>{tagOf(parts)}</span>{' '}
      <ExplainedText text={withoutColours(parts.text)} />
    </li>
  )
}

/** Kept while the server is away; begun anew when it is back. The eye needs no more than a few changes a second. */
function useLastLines(target: Target, isOnline: boolean): KeptLine[] {
  const [lines, setLines] = useState<KeptLine[]>([])
  const show = useThrottledCallback(setLines, 250)
  const { serverId, app } = target
  // biome-ignore lint/correctness/useExhaustiveDependencies: showing is the same function all along
  useEffect(() => {
    if (!isOnline) return
    const stream = bridge().open('logs.follow', { serverId, app, lines: shownLines, tail: true })
    let isOver = false
    const follow = async () => {
      for await (const kept of lastLines(stream.bytes, shownLines)) if (!isOver) show(kept)
    }
    // That the connection ended is told by the app's own state; here it would only be said again.
    follow().catch(() => undefined)
    stream.result.catch(() => undefined)
    return () => {
      isOver = true
      stream.cancel()
    }
  }, [serverId, app, isOnline])
  return lines
}
