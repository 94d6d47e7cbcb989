import { routedCertificates } from '../../../core/domains/serving-certificates.ts'
import { completeFormation } from '../../../core/dynos/formation.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { RoutedApp, RouterControl } from '../../../core/ports/routing/router-control.ts'
import type { AppRow, ReleaseRow, Store } from '../../../core/ports/store.ts'
import { routeApp } from '../../../core/routing/routing.ts'
import type { Challenges } from '../domains/challenges.ts'
import type { CustomPages } from './custom-pages.ts'
import type { DefaultHostnames } from './default-hostnames.ts'

export interface RoutePorts {
  readonly store: Store
  readonly router: RouterControl
  readonly clock: Clock
  readonly report: (problem: string, cause: unknown) => void
}

/** Keeps the router in step with the state, from the rows; of an app that is as it was the route is kept. */
export class Routes {
  readonly #store: Store
  readonly #router: RouterControl
  readonly #pages: CustomPages
  readonly #challenges: Challenges
  readonly #clock: Clock
  readonly #defaultNames: DefaultHostnames
  readonly #report: (problem: string, cause: unknown) => void
  readonly #routes = new Map<string, RoutedApp>()
  #isComplete = false
  #revision = 0

  constructor(
    { store, router, clock, report }: RoutePorts,
    pages: CustomPages,
    challenges: Challenges,
    defaultNames: DefaultHostnames,
  ) {
    this.#defaultNames = defaultNames
    this.#clock = clock
    this.#challenges = challenges
    this.#store = store
    this.#router = router
    this.#pages = pages
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

  /** Resolves once every new request is routed by the rows as they are now. With an app's id only what is said of that one is read. */
  apply(appId?: string): Promise<void> {
    if (appId !== undefined && this.#isComplete) this.#renew(appId)
    else this.#renewAll()
    this.#revision += 1
    this.#defaultNames.announce(this.#routes.values())
    return this.#router.apply({ revision: this.#revision, apps: [...this.#routes.values()] })
  }

  /** For changes that hold whatever the router says: it gets the newest table when it is back. */
  async applyOrReport(appId?: string): Promise<void> {
    await this.apply(appId).catch((error: unknown) => this.#report('telling the router failed', error))
  }

  /** Where an app answers by itself: the first of its names that others than the desktop reach, if it has one. */
  defaultHostname({ id, name }: AppRow): string {
    const own = this.#store.domains.list(id).find(({ kind }) => kind === 'heroku')
    return this.#defaultNames.of(name)[0] ?? own?.hostname ?? ''
  }

  #renew(appId: string): void {
    const app = this.#store.apps.byId(appId)
    if (app) this.#routes.set(appId, this.#route(app))
    else this.#routes.delete(appId)
  }

  #renewAll(): void {
    this.#routes.clear()
    for (const app of this.#store.apps.list()) this.#routes.set(app.id, this.#route(app))
    this.#isComplete = true
  }

  #route(app: AppRow): RoutedApp {
    const release = servingRelease(this.#store, app.id)
    const slug = release?.slugId ? this.#store.slugs.byId(release.slugId) : null
    const formation = slug ? completeFormation(slug.processTypes, this.#store.formations.list(app.id)) : []
    const defaults = this.#defaultNames.of(app.name).map((hostname) => ({ hostname, certificateId: null }))
    const names = [...this.#store.domains.list(app.id), ...defaults]
    return routeApp({
      app,
      hostnames: names.map(({ hostname }) => hostname),
      servingReleaseId: slug && release ? release.id : null,
      webQuantity: formation.find(({ type }) => type === 'web')?.quantity ?? 0,
      dynos: this.#store.dynos.list(app.id),
      pages: this.#pages.of(app.id),
      certificates: routedCertificates(names, this.#store.certificates.list(app.id), this.#clock.now()),
      challenges: this.#challenges.of(app.id),
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
