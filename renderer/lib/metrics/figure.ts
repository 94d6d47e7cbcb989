import { formatBytes, formatDuration } from '../format.ts'

/** `rate`: a second; `time`: milliseconds; `cores`: shown in percent of one. */
export type Unit = 'bytes' | 'rate' | 'time' | 'cores'

export function formatFigure(unit: Unit, value: number): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'rate':
      return `${short(value)}/s`
    case 'time':
      return value < 10 ? `${short(value)} ms` : formatDuration(value)
    case 'cores':
      return `${short(value * 100)} %`
  }
}

/** `0`, `0.02`, `3.4`, `128`: no more digits than tell something. */
function short(value: number): string {
  const digits = value >= 100 ? 0 : value >= 1 ? 1 : 2
  return formats[digits].format(value)
}

/** Made once: making one costs as much as a hundred uses, and a screen of charts shows hundreds of figures. */
const formats = ([0, 1, 2] as const).map(
  (maximumFractionDigits) => new Intl.NumberFormat('en', { maximumFractionDigits }),
) as [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat]

/** Steps of an axis that read well; undefined leaves them to the chart. */
export function axisSteps(unit: Unit): number[] | undefined {
  return unit === 'bytes' ? Array.from({ length: 44 }, (_, power) => 2 ** power) : undefined
}
