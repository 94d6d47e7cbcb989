import type { Event } from '../../../agent/contract/event.ts'
import type { Changes } from '../changes.ts'
import type { Ledger, LedgerSource } from '../ledger/ledger.ts'
import type { Agent } from '../ports/agent.ts'

export interface WatchOptions {
  readonly serverId: string
  readonly agent: Agent
  readonly ledger: Pick<Ledger, 'sync'>
  readonly changes: Changes
  readonly signal: AbortSignal
  readonly onError: (message: string, error: unknown) => void
}

/**
 * While a server is connected: passes its events on, and copies releases to the ledger at once and whenever there are
 * new ones. Ends with the connection; the next connection begins anew.
 */
export async function watchServer(options: WatchOptions): Promise<void> {
  const { agent, serverId, changes, signal } = options
  const sync = makeSync(options)
  void sync()
  try {
    for await (const event of agent.followEvents(signal)) {
      changes.emit({ topic: event.topic, serverId, appId: event.app?.id ?? null, step: event.step })
      if (concernsLedger(event)) void sync()
    }
  } catch (error) {
    if (!signal.aborted) options.onError('Following the events of a server ended', error)
  }
}

function concernsLedger(event: Event): boolean {
  return event.topic === 'releases' || event.topic === 'apps'
}

/** One sync at a time; what comes meanwhile is covered by one more after it. */
function makeSync({ agent, serverId, ledger, changes, signal, onError }: WatchOptions): () => Promise<void> {
  let isRunning = false
  let isWanted = false
  return async function sync(): Promise<void> {
    isWanted = true
    if (isRunning) return
    isRunning = true
    while (isWanted) {
      isWanted = false
      try {
        const hasNews = await ledger.sync(await ledgerSourceOf(agent))
        if (hasNews) changes.emit({ topic: 'ledger', serverId })
      } catch (error) {
        // What a closing connection left out, the next one brings.
        if (!signal.aborted) onError('The ledger could not be brought up to date', error)
      }
    }
    isRunning = false
  }
}

/** A connected server as the ledger reads it. */
export async function ledgerSourceOf(agent: Agent): Promise<LedgerSource> {
  const { id, name, public_key: publicKey } = await agent.call('getServer', {})
  return {
    server: { id, name, publicKey },
    listApps: () => agent.call('listApps', {}),
    listReleaseLinks: (app) => agent.call('listReleaseLinks', { app }),
    listSlugFiles: (app, slug) => agent.call('listSlugFiles', { app, slug }),
    getReleaseConfigVars: (app, version) => agent.call('getReleaseConfigVars', { app, release: String(version) }),
  }
}
