import type { Unit } from '../../lib/metrics/figure.ts'
import type { Figures } from '../../lib/metrics/series.ts'

export interface ChartSeries {
  readonly label: string
  readonly values: Figures
  /** A variable of the style sheet: `--h-ok`. */
  readonly color: string
}

export interface ChartMark {
  /** Short: `v12`. */
  readonly label: string
  /** A sentence or less, for who points at it. */
  readonly description: string
  /** In seconds. */
  readonly time: number
}

/** What is drawn over time, and told to whoever can't see it. */
export interface Chart {
  readonly title: string
  readonly hint?: string
  readonly unit: Unit
  /** When each step begins, in seconds. */
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Each series stands on those before it. */
  readonly isStacked?: boolean
  /** What happened when: a line from top to bottom with its name. */
  readonly marks?: readonly ChartMark[]
  /** A line that should not be crossed, always in sight. */
  readonly limits?: readonly { readonly label: string; readonly value: number }[]
}
