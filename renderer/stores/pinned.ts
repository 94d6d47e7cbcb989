import type { AppSummary, Settings } from '../../electron/bridge/contract.ts'
import { bridge } from './bridge.ts'
import { setResource, useResource } from './resources.ts'

type Pin = Settings['pinnedApps'][number]

const isPinOf = (summary: AppSummary) => (pin: Pin) => pin.serverId === summary.serverId && pin.appId === summary.app.id

/** Those of the apps that are pinned, in the order in which they were. */
export function usePinned(apps: readonly AppSummary[]): AppSummary[] {
  const pins = useResource('settings.get', {}).data?.pinnedApps ?? []
  return pins.flatMap((pin) => apps.find((summary) => isPinOf(summary)(pin)) ?? [])
}

/** Whether an app is pinned, and what changes that; undefined until it is known. */
export function usePin(summary: AppSummary): { isPinned: boolean; toggle(): Promise<void> } | undefined {
  const pins = useResource('settings.get', {}).data?.pinnedApps
  if (!pins) return undefined
  const isPinned = pins.some(isPinOf(summary))
  const pin = { serverId: summary.serverId, appId: summary.app.id }
  const others = pins.filter((each) => !isPinOf(summary)(each))
  return {
    isPinned,
    async toggle() {
      const pinnedApps = isPinned ? others : [...others, pin]
      setResource('settings.get', {}, await bridge().call('settings.update', { pinnedApps }))
    },
  }
}
