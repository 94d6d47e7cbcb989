import type { AppSummary, Settings } from '../../electron/bridge/contract.ts'
import { bridge } from './bridge.ts'
import { peekResource, setResource, useResource } from './resources.ts'

type Pin = Settings['pinnedApps'][number]

const isPinOf = (summary: AppSummary) => (pin: Pin) => pin.serverId === summary.serverId && pin.appId === summary.app.id

/** Those of the apps that are pinned, in the order in which they were. */
export function usePinned(apps: readonly AppSummary[]): AppSummary[] {
  const pins = useResource('settings.get', {}).data?.pinnedApps ?? []
  return pins.flatMap((pin) => apps.find((summary) => isPinOf(summary)(pin)) ?? [])
}

export function isPinned(summary: AppSummary): boolean {
  return peekResource('settings.get', {})?.pinnedApps.some(isPinOf(summary)) ?? false
}

/** Pins an app, or takes its pin away. */
export async function togglePin(summary: AppSummary): Promise<void> {
  const { pinnedApps: pins } = await bridge().call('settings.get', {})
  const others = pins.filter((each) => !isPinOf(summary)(each))
  const pin = { serverId: summary.serverId, appId: summary.app.id }
  const pinnedApps = others.length < pins.length ? others : [...pins, pin]
  setResource('settings.get', {}, await bridge().call('settings.update', { pinnedApps }))
}
