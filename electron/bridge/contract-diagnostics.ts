import { z } from 'zod'
import { call } from './define.ts'

export const calls = {
  /** Gathers what helps to find out what is wrong, clean of secrets. Nothing is written or sent. */
  'diagnostics.collect': call(
    z.strictObject({}),
    z.strictObject({
      /** For `diagnostics.pack`. */
      id: z.string(),
      files: z.array(z.strictObject({ name: z.string(), text: z.string() })),
    }),
  ),
  /** The files that were collected last, as one tar with gzip. */
  'diagnostics.pack': call(
    z.strictObject({ id: z.string() }),
    z.strictObject({ name: z.string(), base64: z.string() }),
  ),
} as const
