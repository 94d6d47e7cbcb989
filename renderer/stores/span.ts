import { create } from 'zustand'
import type { MetricsSpan } from '../../electron/bridge/contract.ts'

/** Over how much of the past charts go, on every screen. */
export const useSpan = create<{ span: MetricsSpan }>(() => ({ span: '1h' }))

export const chooseSpan = (span: MetricsSpan): void => useSpan.setState({ span })

/** A step of an hour is ten seconds; of the others nothing is new for minutes. */
export const spanPollMs = (span: MetricsSpan): number => (span === '1h' ? 10_000 : 60_000)
