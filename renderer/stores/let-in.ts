import { create } from 'zustand'

/** To which app of which server, or to which whole server, somebody is being let in. */
interface Place {
  serverId: string
  app: string | null
}

const useLetIn = create<{ place: Place | null }>(() => ({ place: null }))

export const openLetIn = (place: Place): void => useLetIn.setState({ place })
export const closeLetIn = (): void => useLetIn.setState({ place: null })

export const useIsLettingIn = (serverId: string, app: string | null): boolean =>
  useLetIn(({ place }) => place?.serverId === serverId && place.app === app)
