import { randomInt, randomUUID } from 'node:crypto'
import type { AppCreate } from '../../contract/apps/app.ts'
import { HearthError } from '../../contract/errors.ts'
import { generateAppName } from '../../core/apps/app-name.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, Store } from '../../core/ports/store.ts'
import { describeRelease } from '../../core/releases/release-description.ts'
import { putRole } from '../access/grant-role.ts'
import { type Context, timestamp } from '../context.ts'
import { insertRelease, type ReleaseContent, tellRelease } from '../releases/make-release.ts'
import { requireOwnRegion, requireStack } from './require-own.ts'

/** Creates an app with its first release (`v1`, without code) and its own host name. */
export function createApp(context: Context, { actor, request }: { actor: Caller; request: AppCreate }): AppRow {
  const { store, events, routes, background } = context
  const stack = requireStack(context, request.stack).name
  requireOwnRegion(context, request.region)
  const content = (app: AppRow): ReleaseContent => ({
    ...{ app, actor, slug: null, configVars: {} },
    description: describeRelease.initial(),
  })
  const { app, release } = context.people.change(() => {
    const row = composeApp(context, { owner: actor, name: request.name ?? freeName(store), stack })
    refuseTakenName(store, row.name)
    store.apps.insert(row)
    if (actor.keyId !== null) putRole(context, { actor, personId: actor.id, app: row, role: 'manage' })
    insertOwnDomain(store, row)
    const first = insertRelease(context, content(row))
    store.releases.update(first.id, { status: 'succeeded' })
    return { app: row, release: first }
  })
  tellRelease(context, content(app), release)
  events.changed('apps', app)
  background.run('telling the router', () => routes.apply(app.id))
  return app
}

/** Where an app answers without any DNS: browsers resolve everything under `localhost` to the machine itself. */
export function ownHostname(appName: string): string {
  return `${appName}.localhost`
}

export function refuseTakenName(store: Store, name: string): void {
  if (store.apps.byName(name) || store.domains.byHostname(ownHostname(name))) {
    // Heroku's words and status, which scripts look for.
    throw new HearthError('invalid_params', `Name ${name} is already taken`)
  }
}

function composeApp(context: Context, parts: Pick<AppRow, 'owner' | 'name' | 'stack'>): AppRow {
  const now = timestamp(context)
  return {
    id: randomUUID(),
    ...parts,
    maintenance: false,
    preboot: true,
    sleepAfterSeconds: null,
    podman: false,
    acm: false,
    httpsOnly: false,
    hstsSeconds: null,
    keepAliveToDynos: true,
    endToEndContinue: false,
    sessionAffinity: false,
    logRuntimeMetrics: false,
    createdAt: now,
    updatedAt: now,
  }
}

function freeName(store: Store): string {
  for (;;) {
    const name = generateAppName((below) => randomInt(below))
    if (!store.apps.byName(name)) return name
  }
}

function insertOwnDomain(store: Store, app: AppRow): void {
  const { createdAt, updatedAt } = app
  const hostname = ownHostname(app.name)
  store.domains.insert({
    id: randomUUID(),
    appId: app.id,
    hostname,
    kind: 'heroku',
    certificateId: null,
    createdAt,
    updatedAt,
  })
}
