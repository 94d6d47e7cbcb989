import { useEffect } from 'react'
import { create } from 'zustand'
import type { CallName, CallParameters, CallResult, Change, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import { asEnvelope } from '../lib/error.ts'
import { keepEqual } from '../lib/keep-equal.ts'
import { bridge } from './bridge.ts'
import { isTouchedBy } from './topics.ts'

/** The last answer to one call, kept while it is fetched again and when nobody looks, so that a screen never blinks. */
export interface Resource<T> {
  data: T | undefined
  error: ErrorEnvelope | null
}

interface Watched {
  name: CallName
  parameters: Record<string, unknown>
  watchers: number
  /** A change arrived while the call was under way: its answer may be older than the change. */
  isStale: boolean
  /** It was set here while the call was under way: its answer is older than that. */
  isSet: boolean
}

type Resources = Record<string, Resource<unknown>>

const empty: Resource<never> = { data: undefined, error: null }
const watched = new Map<string, Watched>()
/** Answers that nobody looks at any more, the one left longest ago first; a search alone leaves one for each letter. */
const left = new Set<string>()
const mostLeft = 300

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
    const unwatchIt = watchResource(name, parameters)
    const timer = pollMs ? setInterval(() => void fetchAgain(key), pollMs) : undefined
    return () => {
      clearInterval(timer)
      unwatchIt()
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
  const key = keyOf(name, parameters)
  const entry = watched.get(key)
  if (entry) entry.isSet = running.has(key)
  patch(key, { data })
}

/** Fetches again what a change touches, as long as somebody looks at it. */
export function applyChange(change: Change): void {
  for (const [key, entry] of watched) if (isTouchedBy(entry.name, entry.parameters, change)) schedule(key)
}

export function reloadEverything(): void {
  for (const key of watched.keys()) schedule(key)
}

/** Asks, and follows what touches the answer until the function that it returns is called. */
export function watchResource<N extends CallName>(name: N, parameters: CallParameters<N>): () => void {
  const key = keyOf(name, parameters)
  const entry = watched.get(key)
  left.delete(key)
  if (entry) entry.watchers++
  else watched.set(key, { name, parameters, watchers: 1, isStale: false, isSet: false })
  if (!entry) void fetchAgain(key)
  return () => unwatch(key)
}

function unwatch(key: string): void {
  const entry = watched.get(key)
  if (!entry || --entry.watchers > 0) return
  watched.delete(key)
  left.add(key)
  if (left.size > mostLeft) forget([...left][0] ?? key)
}

function forget(key: string): void {
  left.delete(key)
  useResources.setState(({ [key]: _, ...others }) => others, true)
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
  const answer = await ask(entry)
  running.delete(key)
  const now = watched.get(key)
  // It may have been forgotten meanwhile.
  if (!now?.isSet && (now || left.has(key))) patch(key, answer)
  if (!now?.isStale && !now?.isSet) return
  now.isStale = now.isSet = false
  schedule(key)
}

async function ask({ name, parameters }: Watched): Promise<Partial<Resource<unknown>>> {
  try {
    return { data: await bridge().call(name, parameters as never) }
  } catch (error) {
    return { error: asEnvelope(error) }
  }
}

/** What is as it was stays the same object, so that what is made of it is not made again. */
function patch(key: string, { data, error }: Partial<Resource<unknown>>): void {
  const { [key]: before = empty } = useResources.getState()
  const now = { data: data === undefined ? before.data : keepEqual(before.data, data), error: error ?? null }
  if (now.data === before.data && now.error === before.error && before !== empty) return
  useResources.setState({ [key]: now })
}
