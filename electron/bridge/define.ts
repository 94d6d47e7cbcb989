import type { z } from 'zod'

/** One entry of the bridge's contract. */
export interface Definition<Parameters extends z.ZodType, Result extends z.ZodType> {
  readonly parameters: Parameters
  readonly result: Result
}

export const call = <P extends z.ZodType, R extends z.ZodType>(parameters: P, result: R): Definition<P, R> => ({
  parameters,
  result,
})

export const stream = call
