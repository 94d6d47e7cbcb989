import { createSpotlight } from '@mantine/spotlight'

const [store, palette] = createSpotlight()
export const paletteStore = store

export const togglePalette = palette.toggle

/** Opens it as if that had been typed. */
export function openPalette(query: string): void {
  palette.open()
  store.updateState((state) => ({ ...state, query }))
}
