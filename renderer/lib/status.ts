import type { AppSummary, Server } from '../../electron/bridge/contract.ts'
import type { Tone } from './tone.ts'

export interface Status {
  tone: Tone
  label: string
}

export function describeConnection({ connection }: Pick<Server, 'connection'>): Status {
  switch (connection.state) {
    case 'online':
      return { tone: 'up', label: 'online' }
    case 'connecting':
      return { tone: 'working', label: 'connecting' }
    case 'offline':
      return { tone: 'quiet', label: 'offline' }
    case 'host-key-changed':
      return { tone: 'bad', label: 'host key changed' }
    case 'needs-install':
      return { tone: 'warning', label: 'needs install' }
    case 'needs-system-ssh':
      return { tone: 'warning', label: 'needs another ssh' }
  }
}

/** An app in one mark: what is wrong comes first, then what is under way. */
export function describeApp({ app, online, release, dynos }: AppSummary): Status {
  if (!online) return { tone: 'quiet', label: 'server offline' }
  // The first release of an app only says that it was created.
  if (!release?.slug) return { tone: 'quiet', label: 'not deployed' }
  if (app.maintenance) return { tone: 'quiet', label: 'maintenance' }
  if (dynos.crashed > 0)
    return { tone: 'bad', label: dynos.crashed === 1 ? '1 dyno crashed' : `${dynos.crashed} dynos crashed` }
  if (dynos.idle > 0 && dynos.up === 0 && dynos.starting === 0) return { tone: 'quiet', label: 'asleep' }
  if (dynos.starting > 0 || dynos.up < dynos.wanted)
    return {
      tone: 'working',
      label: dynos.up > 0 ? `${Math.min(dynos.up, dynos.wanted)} of ${dynos.wanted} up` : 'starting',
    }
  if (dynos.wanted === 0) return { tone: 'quiet', label: 'scaled to zero' }
  return { tone: 'up', label: 'up' }
}

export function describeDyno(state: 'starting' | 'up' | 'idle' | 'crashed' | 'down'): Status {
  const tones: Record<typeof state, Tone> = {
    starting: 'working',
    up: 'up',
    idle: 'quiet',
    crashed: 'bad',
    down: 'quiet',
  }
  return { tone: tones[state], label: state }
}
