import { useCallback, useSyncExternalStore } from 'react'

interface Clock {
  now: number
  timer: ReturnType<typeof setInterval> | undefined
  readonly listeners: Set<() => void>
}

/** One for each pace: a list of a thousand moments needs no thousand timers. */
const clocks = new Map<number, Clock>()

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs)
  if (known) return known
  const clock: Clock = { now: Date.now(), timer: undefined, listeners: new Set() }
  clocks.set(everyMs, clock)
  return clock
}

function tick(clock: Clock): void {
  clock.now = Date.now()
  for (const listener of clock.listeners) listener()
}

/** The time, refreshed: for running durations every second or less, for "3 min. ago" rarely. */
export function useNow(everyMs: number): number {
  const clock = clockOf(everyMs)
  const subscribe = useCallback(
    (listener: () => void) => {
      if (clock.listeners.size === 0) {
        clock.timer = setInterval(() => tick(clock), everyMs)
        clock.now = Date.now()
      }
      clock.listeners.add(listener)
      return () => {
        clock.listeners.delete(listener)
        if (clock.listeners.size === 0) clearInterval(clock.timer)
      }
    },
    [clock, everyMs],
  )
  return useSyncExternalStore(subscribe, () => clock.now)
}
