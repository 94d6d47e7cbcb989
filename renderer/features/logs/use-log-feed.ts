import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import type { ErrorEnvelope, StreamParameters } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../../lib/error.ts'
import { type FeedState, LogFeed } from '../../lib/log-feed.ts'
import type { TerminalParts } from '../../lib/terminal.ts'
import { bridge } from '../../stores/bridge.ts'

export type LogQuery = Omit<StreamParameters<'logs.follow'>, 'lines' | 'tail'>

const nothingYet: FeedState = { isPaused: false, lines: 0, waitingLines: 0, waitingBytes: 0 }

/** History each time: what the filter shows now begins with the last lines that match it. */
const historyLines = 1500

/** Follows the log with a filter into the terminal; another filter starts over. */
export function useLogFeed(
  parts: TerminalParts | null,
  query: LogQuery,
  { attempt, isOnline }: { attempt: number; isOnline: boolean },
) {
  const [state, setState] = useState(nothingYet)
  const [error, setError] = useState<ErrorEnvelope | null>(null)
  const [isEnded, setEnded] = useState(false)
  const feed = useRef<LogFeed | null>(null)
  // The feed tells of each batch; the numbers need not move faster than the eye.
  const show = useThrottledCallback(setState, 150)
  const key = JSON.stringify(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the query; an attempt starts over
  useEffect(() => {
    // While the server is away, what is shown stays, and the screen says so already.
    if (!parts || !isOnline) return
    parts.terminal.reset()
    parts.terminal.write('\u001b[?25l')
    const control = new AbortController()
    const following = new LogFeed(parts.terminal, show)
    feed.current = following
    setState(nothingYet)
    setError(null)
    setEnded(false)
    const stream = bridge().open('logs.follow', { ...query, lines: historyLines, tail: true })
    const ended = following.follow(stream.bytes, control.signal).then(() => stream.result)
    ended.then(
      () => control.signal.aborted || setEnded(true),
      (thrown) => control.signal.aborted || setError(asEnvelope(thrown)),
    )
    return () => {
      control.abort()
      stream.cancel()
      setError(null)
      setEnded(false)
    }
  }, [parts, key, attempt, isOnline])
  return { state, error, isEnded, feed }
}
