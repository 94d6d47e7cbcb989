import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import type { ErrorEnvelope, StreamParameters } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../../lib/error.ts'
import { type FeedState, LogFeed } from '../../lib/log/log-feed.ts'
import { historyLines } from '../../lib/log/seen-lines.ts'
import type { TerminalParts } from '../../lib/terminal/terminal.ts'
import { bridge } from '../../stores/bridge.ts'

export type LogQuery = Omit<StreamParameters<'logs.follow'>, 'lines' | 'tail'>

const nothingYet: FeedState = { isPaused: false, lines: 0, waitingLines: 0, waitingBytes: 0 }

/** Follows the log with a filter into the terminal; another filter starts over, a lost connection goes on below its mark. */
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the query
  useEffect(() => {
    if (!parts) return
    parts.terminal.reset()
    parts.terminal.write('\u001b[?25l')
    const begun = new LogFeed(parts.terminal, show)
    feed.current = begun
    setState(nothingYet)
    return () => begun.close()
  }, [parts, key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the query; an attempt follows again
  useEffect(() => {
    const following = feed.current
    if (!parts || !following) return
    if (!isOnline) return following.breakOff()
    const control = new AbortController()
    const stream = bridge().open('logs.follow', { ...query, lines: historyLines, tail: true })
    const ended = following
      .follow(stream.bytes, control.signal)
      .then(() => stream.result)
      .then(() => following.end())
    ended.then(
      () => control.signal.aborted || setEnded(true),
      (thrown) => {
        if (control.signal.aborted) return
        following.breakOff()
        setError(asEnvelope(thrown))
      },
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
