import type { DynoLimits } from '../ports/dynos/dyno-runner.ts'

const mebibyte = 1024 * 1024

/** Our own names, so that the stock client does not print Heroku's prices beside them. */
export const dynoSizes = {
  small: { memoryBytes: 256 * mebibyte, cpuWeight: 50, maximumTasks: 256 },
  standard: { memoryBytes: 512 * mebibyte, cpuWeight: 100, maximumTasks: 512 },
  large: { memoryBytes: 1024 * mebibyte, cpuWeight: 200, maximumTasks: 1024 },
  xlarge: { memoryBytes: 2048 * mebibyte, cpuWeight: 400, maximumTasks: 2048 },
  huge: { memoryBytes: 4096 * mebibyte, cpuWeight: 800, maximumTasks: 4096 },
} as const satisfies Record<string, Omit<DynoLimits, 'memoryMaximumBytes'>>

export type DynoSizeName = keyof typeof dynoSizes

export const defaultDynoSize: DynoSizeName = 'standard'

/** Sizes are the same everywhere, and so are their ids. */
export function sizeId(name: string): string {
  const index = Object.keys(dynoSizes).indexOf(name) + 1
  return `3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1b${String(index).padStart(3, '0')}`
}

export function isDynoSize(name: string): name is DynoSizeName {
  return Object.hasOwn(dynoSizes, name)
}

/**
 * What Heroku's sizes are here: those of as much memory, or the next larger; of larger ones there is none. Commands and app.json files
 * made for Heroku name them. https://devcenter.heroku.com/articles/dyno-tiers
 */
const herokuSizes: Readonly<Record<string, DynoSizeName>> = {
  ...{ free: 'standard', hobby: 'standard', '1x': 'standard', '2x': 'large' },
  ...{ eco: 'standard', basic: 'standard', 'standard-1x': 'standard', 'standard-2x': 'large', 'performance-m': 'huge' },
}

/** The size of a name of ours or of Heroku's, in any case as the stock client passes on what was typed, or of an id; null for none. */
export function findSize(name: string): DynoSizeName | null {
  const size = name.toLowerCase()
  if (isDynoSize(size)) return size
  if (Object.hasOwn(herokuSizes, size)) return herokuSizes[size] ?? null
  return (Object.keys(dynoSizes) as DynoSizeName[]).find((one) => sizeId(one) === size) ?? null
}

/** Of a size that is there no more, those of the standard one. */
export function limitsOf(size: string): Omit<DynoLimits, 'memoryMaximumBytes'> {
  return dynoSizes[isDynoSize(size) ? size : defaultDynoSize]
}
