import { create } from 'zustand'

/**
 * What a `hearth://` link has filled in a form with. It stays until the form has taken it or another link comes: a link never
 * does more than that.
 */
export const useLinkedForm = create<{ address: string | null; repository: string | null }>(() => ({
  address: null,
  repository: null,
}))
