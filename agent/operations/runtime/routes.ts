import { completeFormation } from '../../core/formation.ts'
import type { RouterControl } from '../../core/ports/router-control.ts'
import type { AppRow, ReleaseRow, Store } from '../../core/ports/store.ts'
import { routeApp } from '../../core/routing.ts'

/** Keeps the router in step with the state: the table is always made whole, from the rows. */
export class Routes {
  readonly #store: Store
  readonly #router: RouterControl
  readonly #report: (problem: string, cause: unknown) => void
  #revision = 0

  constructor(store: Store, router: RouterControl, report: (problem: string, cause: unknown) => void) {
    this.#store = store
    this.#router = router
    this.#report = report
  }

  /** Revisions must grow across agent restarts, even when the clock went back. */
  async open(nowMs: number): Promise<void> {
    const used = await this.#router.status().then(
      ({ revision }) => revision,
      () => 0, // The router is away; when it comes back it takes what it is told.
    )
    this.#revision = Math.max(used, nowMs)
  }

  /** Resolves once every new request is routed by the rows as they are now. */
  apply(): Promise<void> {
    this.#revision += 1
    return this.#router.apply({
      revision: this.#revision,
      apps: this.#store.apps.list().map((app) => this.#route(app)),
    })
  }

  /** For changes that hold whatever the router says: it gets the newest table when it is back. */
  async applyOrReport(): Promise<void> {
    await this.apply().catch((error: unknown) => this.#report('telling the router failed', error))
  }

  #route(app: AppRow) {
    const release = servingRelease(this.#store, app.id)
    const slug = release?.slugId ? this.#store.slugs.byId(release.slugId) : null
    const formation = slug ? completeFormation(slug.processTypes, this.#store.formations.list(app.id)) : []
    return routeApp({
      app,
      hostnames: this.#store.domains.list(app.id).map(({ hostname }) => hostname),
      servingReleaseId: slug && release ? release.id : null,
      webQuantity: formation.find(({ type }) => type === 'web')?.quantity ?? 0,
      dynos: this.#store.dynos.list(app.id),
    })
  }
}

/** The release whose dynos get the requests: the one being switched to, else the newest succeeded one. */
export function servingRelease(store: Store, appId: string): ReleaseRow | null {
  const newest = store.releases.newest(appId)
  if (newest?.status === 'succeeded') return newest
  if (newest?.status === 'pending' && newest.switchedAt !== null) return newest
  return store.releases.current(appId)
}
