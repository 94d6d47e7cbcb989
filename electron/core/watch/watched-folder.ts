import { z } from 'zod'

/** How the last deploy of a watched folder ended. */
const watchResult = z.strictObject({
  /** ISO 8601. */
  at: z.string(),
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  /** Of the release that it made. */
  version: z.number().nullable(),
  error: z.string().nullable(),
})
export type WatchResult = z.infer<typeof watchResult>

/** A folder whose changes are deployed to an app, as it is kept. */
export const watchedFolder = z.strictObject({
  serverId: z.string(),
  appId: z.string(),
  appName: z.string(),
  path: z.string(),
  isOn: z.boolean(),
  /** Of the content that was deployed or tried last, or was there when it was switched on: the same is not tried again. */
  digest: z.string().nullable(),
  last: watchResult.nullable(),
})
export type WatchedFolder = z.infer<typeof watchedFolder>

/** `settling`: something changed, and nothing is deployed before it is quiet. `waiting`: something is in the way. */
export type WatchState = 'off' | 'watching' | 'settling' | 'deploying' | 'waiting'

export interface WatchStatus {
  readonly state: WatchState
  /** What a watch that waits is waiting for. */
  readonly obstacle: string | null
}
