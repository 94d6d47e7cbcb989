import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { ErrorEnvelope, LogHistory } from '../../../../electron/bridge/contract.ts'
import type { Target } from '../../../lib/apps/target.ts'
import { asEnvelope } from '../../../lib/error.ts'
import { LineIndex, type LinePlace } from '../../../lib/log/line-index.ts'
import { SegmentCache } from '../../../lib/log/segment-cache.ts'
import { bridge } from '../../../stores/bridge.ts'

export interface HistoryQuery {
  text: string
  source?: 'app' | 'heroku'
  process?: string
}

/** What a search found so far, oldest first. */
interface Found {
  places: LinePlace[]
  /** Where to go on looking; null when all has been looked at. */
  before: number | null
  isSearching: boolean
}

/** A search looks on by itself until it has so many. */
const enough = 500
const nothing: Found = { places: [], before: null, isSearching: false }

/** The lines that the server keeps of an app, or those of them that a search finds. */
export function useLogHistory(target: Target, query: HistoryQuery, isShown: boolean) {
  const [history, setHistory] = useState<LogHistory['segments'] | null>(null)
  const [error, setError] = useState<ErrorEnvelope | null>(null)
  const [attempt, again] = useReducer((count: number) => count + 1, 0)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const { serverId, app } = target
  const index = useMemo(() => new LineIndex(history ?? []), [history])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another index begins with nothing kept: its newest segment grew
  const cache = useMemo(() => {
    const load = async (segment: number) => (await bridge().call('logs.segment', { serverId, app, segment })).text
    return new SegmentCache(load, redraw)
  }, [serverId, app, history])
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt asks again
  useEffect(() => {
    if (!isShown) return
    const control = new AbortController()
    bridge()
      .call('logs.history', { serverId, app })
      .then(
        ({ segments }) => {
          if (control.signal.aborted) return
          setHistory(segments)
          setError(null)
        },
        (thrown) => control.signal.aborted || setError(asEnvelope(thrown)),
      )
    return () => control.abort()
  }, [serverId, app, isShown, attempt])
  const search = useSearch(target, query, isShown && history !== null, setError)
  const isFiltered = isSearch(query)
  const placeOf = useCallback(
    (row: number) => (isFiltered ? (search.places[row] ?? null) : index.placeOf(row)),
    [isFiltered, search.places, index],
  )
  return {
    ...{ history, index, cache, error, again, search, isFiltered, placeOf },
    count: isFiltered ? search.places.length : index.total,
  }
}

export const isSearch = ({ text, source, process }: HistoryQuery): boolean =>
  text !== '' || source !== undefined || process !== undefined

function useSearch(target: Target, query: HistoryQuery, isWanted: boolean, onError: (error: ErrorEnvelope) => void) {
  const [found, setFound] = useState(nothing)
  const [key] = useDebouncedValue(JSON.stringify({ ...target, query }), 250)
  const [wanted, wantMore] = useReducer((count: number) => count + enough, enough)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for target and query
  useEffect(() => setFound({ ...nothing, isSearching: isSearch(query) }), [key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for target and query; more is wanted of the same
  useEffect(() => {
    if (!isWanted || !isSearch(query)) return
    const control = new AbortController()
    const { text, source, process } = query
    const look = async () => {
      let { places, before } = found.places.length > 0 ? found : nothing
      setFound({ places, before, isSearching: true })
      do {
        const search = {
          ...{ text },
          ...(source ? { source } : {}),
          ...(process ? { dyno: process } : {}),
          ...(before === null ? {} : { before }),
        }
        const answer = await bridge().call('logs.search', { serverId: target.serverId, app: target.app, search })
        if (control.signal.aborted) return
        const more = answer.found
          .toReversed()
          .flatMap(({ segment, lines }) => lines.map((line): LinePlace => ({ segment, line })))
        places = [...more, ...places]
        before = answer.before
        setFound({ places, before, isSearching: before !== null && places.length < wanted })
      } while (before !== null && places.length < wanted)
    }
    look().catch((thrown) => {
      if (control.signal.aborted) return
      setFound((now) => ({ ...now, isSearching: false }))
      onError(asEnvelope(thrown))
    })
    return () => control.abort()
  }, [key, wanted, isWanted])
  return { ...found, wantMore }
}
