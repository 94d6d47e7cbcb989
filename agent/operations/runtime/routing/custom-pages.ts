import { createHash } from 'node:crypto'
import type { ConfigVars } from '../../../contract/apps/config-vars.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { LogStore } from '../../../core/ports/logs/log-store.ts'
import type { KeptPages, PageKeeper } from '../../../core/ports/routing/page-keeper.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { AppPages } from '../../../core/routing/routing.ts'
import type { Background } from '../background.ts'
import type { EventHub } from '../event-hub.ts'

/** Pages change without a word; an hour is what the web's own caches often take. */
const refreshMs = 60 * 60 * 1000

/** Heroku's names. There the browser loads the page into a frame; here the router sends it, with the error's own status. */
const variables = { error: 'ERROR_PAGE_URL', maintenance: 'MAINTENANCE_PAGE_URL' } as const
const kinds = ['error', 'maintenance'] as const
type Kind = (typeof kinds)[number]

export interface CustomPagePorts {
  readonly store: Store
  readonly pages: PageKeeper
  readonly logs: LogStore
  readonly clock: Clock
  readonly events: EventHub
  readonly background: Background
}

/** Apps' own error and maintenance pages, got when a config var names them and again every hour. */
export class CustomPages {
  readonly #ports: CustomPagePorts
  readonly #kept = new Map<string, KeptPages>()
  /** URLs that could not be had, by app and kind: they are tried again every hour, not with every release. */
  readonly #missing = new Map<string, string>()
  /** One look at an app's pages at a time: the newest config vars win. */
  readonly #looks = new Map<string, Promise<void>>()
  #onChanged: (appId: string) => Promise<void> = async () => {}

  constructor(ports: CustomPagePorts) {
    this.#ports = ports
  }

  /** What was kept is there at once; what is new comes later and is told by `onChanged`. */
  async open(onChanged: (appId: string) => Promise<void>): Promise<void> {
    const { pages, store, events, background } = this.#ports
    this.#onChanged = onChanged
    for (const [appId, kept] of await pages.load()) this.#kept.set(appId, kept)
    events.subscribe(({ topic, app }) => {
      if (app && (topic === 'config-vars' || topic === 'releases' || topic === 'apps')) this.#look(app.id, false)
    })
    for (const id of new Set([...this.#kept.keys(), ...store.apps.list().map((app) => app.id)])) this.#look(id, false)
    background.run('getting custom pages anew', () => this.#refresh())
  }

  of(appId: string): AppPages {
    const { error, maintenance } = this.#kept.get(appId) ?? {}
    return {
      ...(error && { errorPage: error.html }),
      ...(maintenance && { maintenancePage: maintenance.html }),
    }
  }

  async #refresh(): Promise<void> {
    const { clock, background } = this.#ports
    for (;;) {
      await clock.delay(refreshMs, background.signal)
      const missing = [...this.#missing.keys()].map((key) => key.split(' ')[0] ?? '')
      for (const appId of new Set([...this.#kept.keys(), ...missing])) this.#look(appId, true)
    }
  }

  #look(appId: string, isDue: boolean): void {
    const before = this.#looks.get(appId) ?? Promise.resolve()
    const look = before.then(() => this.#update(appId, isDue))
    const settled = look
      .catch(() => undefined)
      .then(() => {
        if (this.#looks.get(appId) === settled) this.#looks.delete(appId)
      })
    this.#looks.set(appId, settled)
    this.#ports.background.run('getting custom pages', () => look)
  }

  async #update(appId: string, isDue: boolean): Promise<void> {
    const { store, pages } = this.#ports
    const kept = this.#kept.get(appId) ?? {}
    const configVars = store.apps.byId(appId) ? store.configVars.get(appId) : {}
    const next: { -readonly [K in Kind]?: KeptPages[K] } = {}
    for (const kind of kinds) {
      const page = await this.#find({ appId, kind, url: urlOf(configVars, kind), kept: kept[kind], isDue })
      if (page) next[kind] = page
    }
    if (kinds.every((kind) => next[kind] === kept[kind])) return
    if (next.error || next.maintenance) this.#kept.set(appId, next)
    else this.#kept.delete(appId)
    await pages.save(appId, next)
    await this.#onChanged(appId)
  }

  /** The page of a URL that can't be had now is the one that came from there before, if any. */
  async #find(wanted: {
    appId: string
    kind: Kind
    url: string
    kept: KeptPages[Kind]
    isDue: boolean
  }): Promise<KeptPages[Kind]> {
    const { appId, kind, url, kept, isDue } = wanted
    const key = `${appId} ${kind}`
    if (url === '') {
      this.#missing.delete(key)
      return undefined
    }
    const { pages, logs, background } = this.#ports
    const urlDigest = createHash('sha256').update(url).digest('hex')
    const known = kept?.urlDigest === urlDigest ? kept : undefined
    if (!isDue && (known || this.#missing.get(key) === urlDigest)) return known
    try {
      const html = await pages.fetch(url, background.signal)
      this.#missing.delete(key)
      return known?.html === html ? known : { urlDigest, html }
    } catch (error) {
      background.signal.throwIfAborted()
      if (!known) this.#missing.set(key, urlDigest)
      logs.writeLine(
        appId,
        'router',
        logTexts.pageUnavailable(variables[kind], (error as Error).message, known !== undefined),
      )
      return known
    }
  }
}

const urlOf = (configVars: ConfigVars, kind: Kind): string => (configVars[variables[kind]] ?? '').trim()
