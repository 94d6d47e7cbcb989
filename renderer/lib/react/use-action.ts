import { useCallback, useRef, useState } from 'react'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../error.ts'

export interface Action<A extends unknown[], R> {
  run: (...args: A) => Promise<R | undefined>
  isRunning: boolean
  error: ErrorEnvelope | null
  clearError: () => void
}

/** Something a user starts: whether it runs and what went wrong, to be shown where it was started. */
export function useAction<A extends unknown[], R>(work: (...args: A) => Promise<R>): Action<A, R> {
  const [running, setRunning] = useState(0)
  const [error, setError] = useState<ErrorEnvelope | null>(null)
  const latest = useRef(work)
  latest.current = work
  const run = useCallback(async (...args: A): Promise<R | undefined> => {
    setRunning((count) => count + 1)
    setError(null)
    try {
      return await latest.current(...args)
    } catch (thrown) {
      setError(asEnvelope(thrown))
      return undefined
    } finally {
      setRunning((count) => count - 1)
    }
  }, [])
  return { run, isRunning: running > 0, error, clearError: () => setError(null) }
}
