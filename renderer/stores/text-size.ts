import { bridge } from './bridge.ts'
import { peekResource, setResource, useResource } from './resources.ts'

export const [leastTextSize, usualTextSize, mostTextSize] = [8, 13, 32]

/** The size of the text in logs and terminals, in pixels, the same everywhere and kept. */
export const useTextSize = (): number => useResource('settings.get', {}).data?.terminalFontSize ?? usualTextSize

/** The same, where nothing is drawn. */
export const peekTextSize = (): number => peekResource('settings.get', {})?.terminalFontSize ?? usualTextSize

export function setTextSize(size: number): void {
  const settings = peekResource('settings.get', {})
  if (!settings) return
  const terminalFontSize = Math.min(mostTextSize, Math.max(leastTextSize, size))
  setResource('settings.get', {}, { ...settings, terminalFontSize })
  void bridge().call('settings.update', { terminalFontSize })
}
