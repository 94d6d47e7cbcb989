import { bridge } from './bridge.ts'
import { setResource, useResource } from './resources.ts'

export const [leastTextSize, usualTextSize, mostTextSize] = [8, 13, 32]

/** The size of the text in logs and terminals, in pixels, the same everywhere and kept. */
export function useTextSize(): { size: number; set: (size: number) => void } {
  const settings = useResource('settings.get', {}).data
  return {
    size: settings?.terminalFontSize ?? usualTextSize,
    set(size) {
      if (!settings) return
      const terminalFontSize = Math.min(mostTextSize, Math.max(leastTextSize, size))
      setResource('settings.get', {}, { ...settings, terminalFontSize })
      void bridge().call('settings.update', { terminalFontSize })
    },
  }
}
