import { z } from 'zod'

/**
 * What somebody may do, each including those before it. *view*: read everything but the values of config vars, and log
 * lines. *deploy*: builds, sources, releases, git, buildpacks, config vars. *operate*: scale, restart, run, domains,
 * maintenance. *manage*: rename, destroy, and who else may use it.
 */
export const role = z.enum(['view', 'deploy', 'operate', 'manage'])
export type Role = z.infer<typeof role>

/** From the least to the most. */
export const roles: readonly Role[] = role.options
