import type { ConfigVars } from '../../contract/apps/config-vars.ts'
import type { BuildStatus } from '../../contract/builds/build.ts'
import type { DynoState } from '../../contract/dynos/dyno.ts'
import type { ReleaseStatus } from '../../contract/releases/release.ts'
import type { ActivityStore } from './access/activity-store.ts'
import type { Actor, Caller } from './access/actor.ts'
import type { PeopleStore } from './access/people-store.ts'
import type { BuildpackReport } from './builds/builder.ts'
import type { SlugImage, SlugParts } from './builds/slug-store.ts'
import type { AutomatedDomainStore } from './domains/automated-domain-store.ts'
import type { CertificateStore } from './domains/certificate-store.ts'
import type { DynoAddress } from './dynos/dyno-runner.ts'
import type { WebhookDeliveryStore, WebhookStore } from './webhooks.ts'

export type { Actor }

// All times are ISO 8601 in UTC, as the contract shows them.

export interface AppRow {
  readonly id: string
  readonly name: string
  readonly owner: Actor
  readonly stack: string
  readonly maintenance: boolean
  /** New dynos must be up before the old ones they replace are stopped; false: the old ones stop first. */
  readonly preboot: boolean
  /** Its dynos are stopped when nobody asked for it for so many seconds; null: never. */
  readonly sleepAfterSeconds: number | null
  /** Its dynos run in podman's containers. */
  readonly podman: boolean
  /** Its custom domains get certificates from an authority by themselves. */
  readonly acm: boolean
  /** Who asks over http is sent to https. */
  readonly httpsOnly: boolean
  /** For how long browsers are told to insist on https; null: they are told nothing. */
  readonly hstsSeconds: number | null
  /** Connections to its dynos serve one request after the other. */
  readonly keepAliveToDynos: boolean
  /** `Expect: 100-continue` is its dynos' to answer. */
  readonly endToEndContinue: boolean
  /** Clients come back to the dyno that they had. */
  readonly sessionAffinity: boolean
  /** Load and memory of its dynos are in its log. */
  readonly logRuntimeMetrics: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export interface SlugRow extends SlugParts {
  readonly id: string
  readonly appId: string
  readonly processTypes: Readonly<Record<string, string>>
  readonly sizeBytes: number
  readonly commit: string | null
  readonly commitDescription: string | null
  /** What detection said: `Node.js`. */
  readonly description: string
  readonly reports: readonly BuildpackReport[]
  /** None in a slug of files for /app; otherwise each is a folder of the tree. */
  readonly images: readonly SlugImage[]
  readonly createdAt: string
}

/** What never changes of a release: one link of the app's hash chain, and who made it. */
export interface ReleaseParts {
  readonly id: string
  readonly appId: string
  readonly version: number
  readonly description: string
  readonly user: Actor
  readonly slugId: string | null
  readonly slugChecksum: string | null
  readonly commit: string | null
  readonly configDigest: string
  readonly configSalt: string
  readonly previousHash: string
  readonly hash: string
  readonly signature: string
  readonly createdAt: string
}

export interface ReleaseRow extends ReleaseParts {
  readonly status: ReleaseStatus
  /** Why it failed, a plain sentence. */
  readonly reason: string | null
  /** When its dynos all listened and the router was told: from here on it can only be finished, not undone. */
  readonly switchedAt: string | null
  /** Output of the release phase. */
  readonly outputId: string | null
  readonly updatedAt: string
}

export interface FormationRow {
  readonly id: string
  readonly appId: string
  readonly type: string
  readonly quantity: number
  readonly size: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface DomainRow {
  readonly id: string
  readonly appId: string
  readonly hostname: string
  readonly kind: 'heroku' | 'custom'
  /** The certificate that somebody chose for it; null: the best that there is. */
  readonly certificateId: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** One start of a dyno; a restart makes a new row with a new id. */
export interface DynoRow {
  readonly id: string
  readonly appId: string
  readonly releaseId: string
  /** `web.1` */
  readonly name: string
  readonly type: string
  readonly command: string
  readonly size: string
  readonly kind: 'formation' | 'run' | 'release'
  readonly state: DynoState
  /** Why it is in its state, a plain sentence; null when all is well. */
  readonly reason: string | null
  /** How often in a row it was started again after a crash. */
  readonly restarts: number
  /** Why the start before this one crashed; null when none did. */
  readonly lastCrash: string | null
  readonly address: DynoAddress | null
  /** It has been replaced or scaled away: no new requests, about to be stopped. */
  readonly isLeaving: boolean
  /** A one-off dyno with a terminal: it ends with its connection, and so with the agent. */
  readonly isAttached: boolean
  /** When a one-off dyno is stopped, whatever it does. */
  readonly expiresAt: string | null
  /** The machine's uptime when it came up, until then when it was begun; no change of the clock can move it. */
  readonly startedUptimeMs: number
  readonly createdAt: string
  /** When `state` last changed. */
  readonly updatedAt: string
}

export interface BuildRow {
  readonly id: string
  readonly appId: string
  readonly user: Caller
  readonly sourceUrl: string
  readonly sourceChecksum: string | null
  readonly sourceVersion: string | null
  readonly sourceDescription: string | null
  readonly buildpacks: readonly string[]
  readonly stack: string
  readonly status: BuildStatus
  /** True from the moment its turn has come. */
  readonly isRunning: boolean
  readonly slugId: string | null
  readonly releaseId: string | null
  readonly outputId: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** Changes of the columns that may change. */
export type Change<Row, Keys extends keyof Row> = Partial<Pick<Row, Keys>>

export interface AppStore {
  insert(row: AppRow): void
  update(id: string, change: Partial<Omit<AppRow, 'id' | 'owner' | 'createdAt'>>): void
  /** Takes everything of the app with it. */
  destroy(id: string): void
  byId(id: string): AppRow | null
  byName(name: string): AppRow | null
  /** By name. */
  list(): AppRow[]
}

/** A slug that was made elsewhere and whose archive has not arrived yet. */
export interface NewSlugRow {
  /** The slug's, once it is one. */
  readonly id: string
  readonly appId: string
  /** Where the archive is put. */
  readonly secret: string
  readonly processTypes: Readonly<Record<string, string>>
  readonly archiveChecksum: string | null
  readonly commit: string | null
  readonly commitDescription: string | null
  readonly description: string
  readonly createdAt: string
}

export interface NewSlugStore {
  insert(row: NewSlugRow): void
  remove(id: string): void
  byId(id: string): NewSlugRow | null
  bySecret(secret: string): NewSlugRow | null
}

export interface SlugRowStore {
  insert(row: SlugRow): void
  remove(id: string): void
  byId(id: string): SlugRow | null
  list(): SlugRow[]
}

/** A part of an app's releases; both versions are included. */
export interface ReleaseVersions {
  readonly lowest: number
  readonly highest: number
  readonly isNewestFirst: boolean
  readonly maximum: number
}

export interface ReleaseStore {
  /** With the config vars as they were; kept encrypted. */
  insert(row: ReleaseRow, configVars: ConfigVars): void
  update(id: string, change: Change<ReleaseRow, 'status' | 'reason' | 'switchedAt' | 'outputId' | 'updatedAt'>): void
  byId(id: string): ReleaseRow | null
  byVersion(appId: string, version: number): ReleaseRow | null
  /** The newest one, whatever became of it. */
  newest(appId: string): ReleaseRow | null
  /** The newest succeeded one. */
  current(appId: string): ReleaseRow | null
  /** Oldest first, unless a part of them is asked for newest first. */
  list(appId: string, part?: ReleaseVersions): ReleaseRow[]
  /** Of all apps. */
  pending(): ReleaseRow[]
  configVars(id: string): ConfigVars
}

/** An app that is made, or was, from a source and its app.json. */
export interface AppSetupRow {
  readonly id: string
  readonly appId: string
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly failureMessage: string | null
  readonly buildId: string | null
  readonly manifestErrors: readonly string[]
  readonly postdeploy: { readonly output: string; readonly exitCode: number } | null
  /** As app.json has it. */
  readonly successUrl: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface AppSetupStore {
  insert(row: AppSetupRow): void
  update(id: string, change: Partial<AppSetupRow>): void
  byId(id: string): AppSetupRow | null
  /** Of all apps. */
  pending(): AppSetupRow[]
}

/** What somebody chose of themselves; there is none before they did. */
export interface AccountRow {
  readonly id: string
  readonly name: string | null
  readonly updatedAt: string
}

export interface AccountStore {
  byId(id: string): AccountRow | null
  /** Inserts, or changes the row with the same id. */
  put(row: AccountRow): void
}

/** The config vars of an app as last edited, kept encrypted. */
export interface ConfigVarStore {
  get(appId: string): ConfigVars
  set(appId: string, configVars: ConfigVars): void
}

export interface FormationStore {
  /** Inserts, or changes quantity and size of the row with the same app and type. */
  put(row: FormationRow): void
  list(appId: string): FormationRow[]
}

export interface DomainStore {
  insert(row: DomainRow): void
  update(id: string, change: Change<DomainRow, 'hostname' | 'certificateId' | 'updatedAt'>): void
  remove(id: string): void
  byHostname(hostname: string): DomainRow | null
  list(appId: string): DomainRow[]
}

export interface DynoStore {
  insert(row: DynoRow): void
  update(
    id: string,
    change: Change<DynoRow, 'state' | 'reason' | 'restarts' | 'address' | 'isLeaving' | 'updatedAt'>,
  ): void
  remove(id: string): void
  byId(id: string): DynoRow | null
  /** Oldest first; those that are leaving are included. */
  list(appId: string): DynoRow[]
  listAll(): DynoRow[]
}

export interface BuildStore {
  insert(row: BuildRow): void
  update(
    id: string,
    change: Change<BuildRow, 'status' | 'isRunning' | 'slugId' | 'releaseId' | 'buildpacks' | 'updatedAt'>,
  ): void
  byId(id: string): BuildRow | null
  /** Oldest first. */
  list(appId: string): BuildRow[]
  /** Of all apps, oldest first. */
  pending(): BuildRow[]
}

export interface BuildpackStore {
  get(appId: string): string[]
  set(appId: string, buildpacks: readonly string[]): void
}

/** What is known of an app's git repository; no row before its first push or setting. */
export interface RepositoryRow {
  /** The one that was chosen; null stands for Heroku's two. */
  readonly deployBranch: string | null
  readonly sizeBytes: number
  readonly pushedAt: string | null
}

export interface RepositoryStore {
  get(appId: string): RepositoryRow | null
  /** Inserts, or changes what is named. */
  put(appId: string, change: Partial<RepositoryRow>): void
}

/** A destination of an app's log; the URL is kept encrypted. */
export interface LogDrainRow {
  readonly id: string
  readonly appId: string
  readonly url: string
  /** `d.<uuid>` */
  readonly token: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface LogDrainStore {
  insert(row: LogDrainRow): void
  remove(id: string): void
  /** Oldest first. */
  list(appId: string): LogDrainRow[]
  listAll(): LogDrainRow[]
}

/** What builds and release phases printed, in pieces, so that it survives the agent. The secret is its permission. */
export interface OutputStore {
  create(row: { id: string; appId: string; secret: string }): void
  append(id: string, text: string): void
  finish(id: string): void
  bySecret(secret: string): { id: string; isFinished: boolean } | null
  secret(id: string): string | null
  read(id: string): string
}

/** The agent's state. Every method is synchronous; a transaction holds them together. */
export interface Store {
  readonly accounts: AccountStore
  readonly appSetups: AppSetupStore
  readonly apps: AppStore
  readonly slugs: SlugRowStore
  readonly newSlugs: NewSlugStore
  readonly releases: ReleaseStore
  readonly configVars: ConfigVarStore
  readonly formations: FormationStore
  readonly domains: DomainStore
  readonly certificates: CertificateStore
  readonly automatedDomains: AutomatedDomainStore
  readonly logDrains: LogDrainStore
  readonly webhooks: WebhookStore
  readonly webhookDeliveries: WebhookDeliveryStore
  readonly dynos: DynoStore
  readonly builds: BuildStore
  readonly buildpacks: BuildpackStore
  readonly outputs: OutputStore
  readonly people: PeopleStore
  readonly activity: ActivityStore
  readonly repositories: RepositoryStore
  /** All or nothing; an inner transaction joins the outer one. */
  transaction<T>(change: () => T): T
  close(): void
}
