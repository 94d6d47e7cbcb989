import { z } from 'zod'
import { timestamp } from '../common.ts'

/** A branch's name, by git's rules and without what only confuses. Source: git-check-ref-format(1). */
export const branchName = z
  .string()
  .max(200)
  .regex(
    /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))(?![-./])[\w.@/+=-]+(?<![./])$/,
    "must be a branch's name: letters, digits, dashes, dots and slashes",
  )

/** Extension: an app's git repository. */
export const repository = z.strictObject({
  /** Pushes to these are built; others are kept. */
  deploy_branches: z.array(z.string()),
  /** The one that was chosen; null stands for both `main` and `master`. */
  deploy_branch: branchName.nullable(),
  /** Bytes on the server's disk. */
  size: z.number().int().nonnegative(),
  /** When a push was taken last; null when none ever was. */
  pushed_at: timestamp.nullable(),
})
export type Repository = z.infer<typeof repository>

export const repositoryUpdate = z.strictObject({ deploy_branch: branchName.nullable() })
export type RepositoryUpdate = z.infer<typeof repositoryUpdate>
