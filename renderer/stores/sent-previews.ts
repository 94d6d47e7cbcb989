import { create } from 'zustand'
import type { DeployPreview } from '../../electron/bridge/contract.ts'

/** What this window's deploys were shown to send, by the deploy's id. */
export const useSentPreviews = create<Record<string, DeployPreview>>(() => ({}))

export const rememberPreview = (deployId: string, preview: DeployPreview): void =>
  useSentPreviews.setState({ [deployId]: preview })
