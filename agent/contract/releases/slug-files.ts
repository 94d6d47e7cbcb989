import { z } from 'zod'
import { sha256 } from '../common.ts'

/**
 * Extension: what a slug holds, for telling two slugs apart. An installed dependency is listed as one folder, its path ending in
 * `/`, since its files are nobody's who deploys.
 */
export const slugFile = z.strictObject({
  path: z.string(),
  /** Bytes; of a folder the sum. */
  size: z.number().int(),
  /** Of the content; of a link of what it names; of a folder over path, digest and mode of each of its files. */
  sha256,
  executable: z.boolean(),
  /** How many files a folder stands for; 1 for a file. */
  files: z.number().int().positive(),
})
export type SlugFile = z.infer<typeof slugFile>

/** In order of their paths, as many as `maximumSlugFiles`; the rest is counted. */
export const slugFiles = z.strictObject({ files: z.array(slugFile), left_out: z.number().int() })
export type SlugFiles = z.infer<typeof slugFiles>

export const maximumSlugFiles = 4000
