import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Tone } from '../lib/tone.ts'

/** Mantine's own yellow and green are loud in the dark, and too pale to read in the light. */
const looks = {
  up: { c: 'var(--h-ok)', bg: 'var(--h-ok-soft)' },
  warning: { c: 'var(--h-warn)', bg: 'var(--h-warn-soft)' },
  bad: { c: 'var(--h-bad)', bg: 'var(--h-bad-soft)' },
  quiet: { color: 'gray' },
} as const satisfies Partial<Record<Tone, object>>

export type BadgeTone = keyof typeof looks

/** A word or two on what something is, in the colour of how that is. */
export function ToneBadge({ tone, children }: { tone: BadgeTone; children: ReactNode }) {
  return <Badge {...looks[tone]}>{children}</Badge>
}
