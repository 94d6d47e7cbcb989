import { z } from 'zod'

/** Extension: whether the server can run containers, which images and apps that chose podman need. */
export const serverPodman = z.strictObject({
  /**
   * `missing` can be installed; `unavailable` never runs any (the embedded server). Being installed takes some minutes, and ends
   * in `ready` or `missing`; whoever waits asks again.
   */
  state: z.enum(['ready', 'missing', 'installing', 'unavailable']),
  /** For example `4.3`; null unless it is ready. */
  version: z.string().nullable(),
  /** Why it is not ready, and what to do, as sentences; null when it is. */
  problem: z.string().nullable(),
  /** What the newest installation of this agent printed, its end; null when there was none. */
  output: z.string().nullable(),
})
export type ServerPodman = z.infer<typeof serverPodman>
