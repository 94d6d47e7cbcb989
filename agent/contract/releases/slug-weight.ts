import { z } from 'zod'

/** What a file of a slug is there for, as its path tells. */
export const weightKind = z.enum(['code', 'dependencies', 'media', 'caches', 'history', 'tests', 'maps'])
export type WeightKind = z.infer<typeof weightKind>

const share = z.strictObject({ size: z.number().int(), files: z.number().int() })
const kinds = z.array(share.extend({ kind: weightKind }))

/** Extension: why a slug is as big as it is. Sizes are bytes; lists are in order of size, the biggest first, and short. */
export const slugWeight = z.strictObject({
  size: z.number().int(),
  files: z.number().int(),
  /** Of the compressed archive; null until it is written. */
  archive_size: z.number().int().nullable(),
  kinds,
  /** Folders that hold the most, at the top or one level below it where one holds nearly all of its parent. */
  folders: z.array(share.extend({ path: z.string() })),
  biggest: z.array(z.strictObject({ path: z.string(), size: z.number().int() })),
  /** What lies below it and counts once for the server; `size` is null where it has to be made again. */
  layers: z.array(
    z.strictObject({
      provider: z.string(),
      size: z.number().int().nullable(),
      /** How many apps of the server have a slug over it. */
      apps: z.number().int(),
    }),
  ),
  /** What would make it smaller: a sentence, what that would save, and the lines for .slugignore that do it where those do. */
  hints: z.array(z.strictObject({ text: z.string(), size: z.number().int(), slugignore: z.array(z.string()) })),
  /** The slug of the app before this one; null when there is none. */
  previous: z.strictObject({ size: z.number().int(), files: z.number().int(), kinds }).nullable(),
})
export type SlugWeight = z.infer<typeof slugWeight>
