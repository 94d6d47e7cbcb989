/** What a parser made of one message. */
export interface Message {
  /** Method and target, or the status. */
  readonly start: string
  readonly body: string
}

/** A small generator with a seed, so that a failure can be repeated: whole numbers from 0 to below `below`. */
export type Random = (below: number) => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
