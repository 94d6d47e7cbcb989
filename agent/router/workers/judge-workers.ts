export interface Work {
  /** Of each process: the part of the time in which it had something to do. */
  readonly busy: readonly number[]
  /** How often in a row there was too little to do for all of them. */
  readonly quiet: number
  readonly wanted: number
  readonly min: number
  readonly max: number
}

const tooBusy = 0.7
/** With one process less, the others would have to be no busier than this. */
const roomy = 0.4
/** Some five minutes. A process costs memory, not work: it need not go at once. */
const quietTimes = 60

/** One process more when those that are there are busy on average, one less when it was not needed for long. */
export function judgeWorkers({ busy, quiet, wanted, min, max }: Work): { change: -1 | 0 | 1; quiet: number } {
  const sum = busy.reduce((total, part) => total + part, 0)
  if (wanted < max && sum / busy.length >= tooBusy) return { change: 1, quiet: 0 }
  if (wanted <= min || sum / Math.max(1, wanted - 1) > roomy) return { change: 0, quiet: 0 }
  return quiet + 1 >= quietTimes ? { change: -1, quiet: 0 } : { change: 0, quiet: quiet + 1 }
}
