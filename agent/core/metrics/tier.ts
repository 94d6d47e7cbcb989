/**
 * How fine and for how long figures are kept. Each tier is a ring: step number n has the slot `n % slots`, and takes the place of
 * what was there a whole ring before. So it is bounded whatever the clock does.
 */
export interface Tier {
  readonly span: Span
  readonly stepMs: number
  readonly slots: number
}

export type Span = '1h' | '24h' | '7d'

const second = 1000
const minute = 60 * second

/** What is measured goes in here. */
export const finest: Tier = { span: '1h', stepMs: 10 * second, slots: 360 }
/** Each made of the finest one's steps, which fit into theirs. */
export const coarser: readonly Tier[] = [
  { span: '24h', stepMs: 2 * minute, slots: 720 },
  { span: '7d', stepMs: 15 * minute, slots: 672 },
]
export const tiers: readonly Tier[] = [finest, ...coarser]

export function tierOf(span: Span): Tier {
  const tier = tiers.find((one) => one.span === span)
  if (!tier) throw new RangeError(`There is no tier for ${span}.`)
  return tier
}

/** The step in which this moment is (Unix time in milliseconds). */
export function stepAt(timeMs: number, { stepMs }: Tier): number {
  return Math.floor(timeMs / stepMs)
}

/** The steps of the finest tier that one step of a coarser tier is made of. */
export function finestSteps(step: number, tier: Tier): { from: number; to: number } {
  const each = tier.stepMs / finest.stepMs
  return { from: step * each, to: (step + 1) * each - 1 }
}

/** Whether a step of the finest tier is the last one in its step of this tier. */
export function isLastIn(step: number, tier: Tier): boolean {
  return coarseStep(step + 1, tier) !== coarseStep(step, tier)
}

/** In which step of the tier a step of the finest one is. */
export function coarseStep(step: number, tier: Tier): number {
  return Math.floor((step * finest.stepMs) / tier.stepMs)
}
