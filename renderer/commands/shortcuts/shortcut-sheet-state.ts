import { create } from 'zustand'

export const useShortcutSheet = create<{ isOpen: boolean }>(() => ({ isOpen: false }))

export const toggleShortcutSheet = (): void => useShortcutSheet.setState(({ isOpen }) => ({ isOpen: !isOpen }))
