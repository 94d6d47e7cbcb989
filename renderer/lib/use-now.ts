import { useEffect, useState } from 'react'

/** The time, refreshed: for running durations every second or less, for "3 min. ago" rarely. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
