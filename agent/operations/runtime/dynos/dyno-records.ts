import { randomUUID } from 'node:crypto'
import { type DynoEvent, next } from '../../../core/dynos/dyno-state.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { Background } from '../background.ts'
import type { EventHub } from '../event-hub.ts'
import type { Routes } from '../routing/routes.ts'
import { type Launch, toDynoRow } from './launch.ts'

export interface RecordPorts extends Pick<PlatformPorts, 'store' | 'logs' | 'clock'> {
  readonly background: Background
  readonly events: EventHub
  readonly routes: Routes
  /** Gets the row as it was before its dyno crashed, with the reason. */
  readonly onCrash: (row: DynoRow) => void
}

/** The rows of the dynos: whatever changes in one, the log, the routes and the events follow. */
export class DynoRecords {
  readonly #ports: RecordPorts

  constructor(ports: RecordPorts) {
    this.#ports = ports
  }

  find(id: string): DynoRow | null {
    return this.#ports.store.dynos.byId(id)
  }

  insert(launch: Launch): DynoRow {
    const row = toDynoRow(launch, { now: this.#now(), uptimeMs: this.#ports.clock.uptime() })
    this.#ports.store.dynos.insert(row)
    this.#announce(row)
    return row
  }

  /** The row of a dyno that is stopped until somebody asks for its app, in the place of the one that runs. */
  putToSleep(row: DynoRow): void {
    const { store } = this.#ports
    const now = this.#now()
    const rest = { address: null, restarts: 0, lastCrash: null, createdAt: now, updatedAt: now }
    const reason = 'sleeps until the next request'
    store.transaction(() => {
      store.dynos.insert({ ...row, ...rest, id: randomUUID(), state: 'idle', reason })
      store.dynos.update(row.id, { isLeaving: true })
    })
    this.log(row, logTexts.idling)
    this.log(row, logTexts.stateChanged('up', 'down'))
    this.#announce(row)
  }

  /** The row of the start that comes after a crash, or after sleep. */
  replace(id: string, launch: Launch, from: 'crashed' | 'down' = 'crashed'): DynoRow {
    const { store } = this.#ports
    const fresh = store.transaction(() => {
      store.dynos.remove(id)
      return this.insert(launch)
    })
    this.log(fresh, logTexts.stateChanged(from, 'starting'))
    return fresh
  }

  remove(row: DynoRow): void {
    this.#ports.store.dynos.remove(row.id)
    this.#announce(row)
  }

  /** Feeds the state machine. */
  change(id: string, event: DynoEvent): void {
    const { store, clock, onCrash } = this.#ports
    const row = store.dynos.byId(id)
    if (!row) return
    const { state, reason } = next(row.state, event)
    if (state === row.state) return
    // What it waited for its turn and took to boot is no time that it was well.
    const up = state === 'up' ? { startedUptimeMs: clock.uptime() } : {}
    store.dynos.update(id, { state, reason, ...up, updatedAt: this.#now() })
    this.log(row, logTexts.stateChanged(row.state, state))
    this.#announce(row)
    this.tellRouter(row)
    if (state !== 'crashed') return
    // How it exited, or that it did not listen, stands in lines of its own.
    if (event.kind === 'refused' && reason !== null) this.log(row, logTexts.crashed(reason))
    onCrash({ ...row, reason })
  }

  /** Why a dyno that is up is not well, or one that is starting has not begun; null when there is nothing to say. */
  tell(row: DynoRow, reason: string | null): void {
    if (row.reason === reason) return
    this.#ports.store.dynos.update(row.id, { reason })
    this.#announce(row)
  }

  /** A one-off dyno leaves no row behind. */
  complete(row: DynoRow): void {
    this.log(row, logTexts.stateChanged(row.state, 'complete'))
    this.remove(row)
  }

  log(row: DynoRow, text: string): void {
    this.#ports.logs.writeLine(row.appId, row.name, text)
  }

  tellRouter(row: DynoRow): void {
    const { background, routes } = this.#ports
    if (row.type === 'web' && !row.isLeaving) background.run('telling the router', () => routes.apply(row.appId))
  }

  #announce(row: DynoRow): void {
    this.#ports.events.changed('dynos', this.#ports.store.apps.byId(row.appId))
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString()
  }
}
