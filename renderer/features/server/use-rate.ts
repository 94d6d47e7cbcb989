import { useEffect, useState } from 'react'
import { type Counted, rateBetween } from '../../lib/metrics/rate.ts'

/** What was added a second between the last two answers. */
export function useRate({ total, at }: Counted): number | null {
  const [state, setState] = useState<{ last: Counted; rate: number | null }>({ last: { total, at }, rate: null })
  useEffect(() => {
    setState(({ last, rate }) => {
      return last.at === at ? { last, rate } : { last: { total, at }, rate: rateBetween(last, { total, at }) }
    })
  }, [total, at])
  return state.rate
}
