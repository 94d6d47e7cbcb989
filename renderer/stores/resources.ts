import { useEffect } from 'react'
import { create } from 'zustand'
import type { CallName, CallParameters, CallResult, Change, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import { asEnvelope } from '../lib/error.ts'
import { bridge } from './bridge.ts'
import { isTouchedBy } from './topics.ts'

/** The last answer to one call, kept while it is fetched again, so that a screen never blinks. */
export interface Resource<T> {
  data: T | undefined
  error: ErrorEnvelope | null
  isLoading: boolean
  /** When `data` was received. */
  at: number | null
}

interface Watched {
  name: CallName
  parameters: Record<string, unknown>
  watchers: number
  /** A change arrived while the call was under way: its answer may be older than the change. */
  isStale: boolean
}

type Resources = Record<string, Resource<unknown>>

const empty: Resource<never> = { data: undefined, error: null, isLoading: true, at: null }
const watched = new Map<string, Watched>()

export const useResources = create<Resources>(() => ({}))

const keyOf = (name: string, parameters: unknown) => `${name} ${JSON.stringify(parameters)}`

/** Asks, shows the answer, and asks again whenever a change touches it. */
export function useResource<N extends CallName>(
  name: N,
  parameters: CallParameters<N>,
  options: { pollMs?: number } = {},
): Resource<CallResult<N>> & { reload: () => void } {
  const key = keyOf(name, parameters)
  const resource = useResources((all) => all[key]) ?? empty
  const { pollMs } = options
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for name and parameters
  useEffect(() => {
    watch(key, name, parameters as Record<string, unknown>)
    const timer = pollMs ? setInterval(() => void fetchAgain(key), pollMs) : undefined
    return () => {
      clearInterval(timer)
      unwatch(key)
    }
  }, [key, pollMs])
  return { ...(resource as Resource<CallResult<N>>), reload: () => void fetchAgain(key) }
}

/** The last answer to a call, if somebody looks at it: for what happens between two drawings. */
export function peekResource<N extends CallName>(name: N, parameters: CallParameters<N>): CallResult<N> | undefined {
  return useResources.getState()[keyOf(name, parameters)]?.data as CallResult<N> | undefined
}

/** Puts an answer that came another way (the result of an update) where its readers see it. */
export function setResource<N extends CallName>(name: N, parameters: CallParameters<N>, data: CallResult<N>): void {
  patch(keyOf(name, parameters), { data, error: null, isLoading: false, at: Date.now() })
}

/** Fetches again what a change touches, as long as somebody looks at it. */
export function applyChange(change: Change): void {
  for (const [key, entry] of watched) if (isTouchedBy(entry.name, entry.parameters, change)) schedule(key)
}

export function reloadEverything(): void {
  for (const key of watched.keys()) schedule(key)
}

function watch(key: string, name: CallName, parameters: Record<string, unknown>): void {
  const entry = watched.get(key)
  if (entry) entry.watchers++
  else watched.set(key, { name, parameters, watchers: 1, isStale: false })
  if (!entry) void fetchAgain(key)
}

function unwatch(key: string): void {
  const entry = watched.get(key)
  if (entry && --entry.watchers === 0) watched.delete(key)
}

const scheduled = new Set<string>()
const running = new Set<string>()
/** Changes come in bursts (a deploy touches dynos many times a second); one fetch answers them all. */
const gatherMs = 60

function schedule(key: string): void {
  if (scheduled.has(key)) return
  scheduled.add(key)
  setTimeout(() => {
    scheduled.delete(key)
    void fetchAgain(key)
  }, gatherMs)
}

async function fetchAgain(key: string): Promise<void> {
  const entry = watched.get(key)
  if (!entry) return
  if (running.has(key)) {
    entry.isStale = true
    return
  }
  running.add(key)
  patch(key, { isLoading: true })
  try {
    const data = await bridge().call(entry.name, entry.parameters as never)
    patch(key, { data, error: null, isLoading: false, at: Date.now() })
  } catch (error) {
    patch(key, { error: asEnvelope(error), isLoading: false })
  }
  running.delete(key)
  const now = watched.get(key)
  if (!now?.isStale) return
  now.isStale = false
  schedule(key)
}

function patch(key: string, change: Partial<Resource<unknown>>): void {
  useResources.setState((all) => ({ [key]: { ...(all[key] ?? empty), ...change } }))
}
