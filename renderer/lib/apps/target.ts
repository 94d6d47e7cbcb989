import type { AppSummary } from '../../../electron/bridge/contract.ts'

/** How calls name an app. */
export interface Target {
  serverId: string
  app: string
}

export const targetOf = ({ serverId, app }: AppSummary): Target => ({ serverId, app: app.name })
