import { z } from 'zod'
import { app, appUpdate } from '../../agent/contract/apps/app.ts'
import { configVars, configVarsUpdate } from '../../agent/contract/apps/config-vars.ts'
import { feature } from '../../agent/contract/apps/feature.ts'
import { buildpackInstallation } from '../../agent/contract/builds/buildpack-installation.ts'
import { appName, timestamp } from '../../agent/contract/common.ts'
import { dyno, dynoStatus } from '../../agent/contract/dynos/dyno.ts'
import { dynoSettings, dynoSettingsUpdate } from '../../agent/contract/dynos/dyno-settings.ts'
import { dynoSize, formation, formationBatchUpdate } from '../../agent/contract/dynos/formation.ts'
import { release, releaseSource } from '../../agent/contract/releases/release.ts'
import { slug } from '../../agent/contract/releases/slug.ts'
import { slugWeight } from '../../agent/contract/releases/slug-weight.ts'
import { repository, repositoryUpdate } from '../../agent/contract/sources/repository.ts'
import { call } from './define.ts'

export type SlugWeight = z.infer<typeof slugWeight>

export type { DynoSettings, DynoSettingsUpdate } from '../../agent/contract/dynos/dyno-settings.ts'
export type Feature = z.infer<typeof feature>

/** An app of any server, with what a list shows. While its server is offline it comes from the ledger. */
export const appSummary = z.strictObject({
  serverId: z.string(),
  app,
  online: z.boolean(),
  /** Opens without DNS through the desktop: `http://<app>.localhost:<port>`; null before the first release. */
  url: z.string().nullable(),
  release: release.nullable(),
  dynos: z.strictObject({
    up: z.number().int(),
    starting: z.number().int(),
    crashed: z.number().int(),
    /** Asleep: the next request wakes them. */
    idle: z.number().int(),
    /** What the formation asks for. */
    wanted: z.number().int(),
  }),
})
export type AppSummary = z.infer<typeof appSummary>

/** A release as the ledger has it: also of servers that are away and apps that are gone. */
export const ledgerRelease = z.strictObject({
  serverId: z.string(),
  serverName: z.string(),
  appId: z.string(),
  appName: z.string(),
  version: z.number().int(),
  description: z.string(),
  user: z.string(),
  createdAt: timestamp,
  commit: z.string().nullable(),
  slugChecksum: z.string().nullable(),
  /** Empty where `verified` is null. */
  hash: z.string(),
  /**
   * The link's hash, its signature and its predecessor hold. Null: the ledger has no link of it, since the desktop's role
   * on the app does not include them.
   */
  verified: z.boolean().nullable(),
  /** Known while the server is online. */
  release: release.nullable(),
  /** Why it failed, a plain sentence; null or absent when it did not, or while the server is offline. */
  reason: z.string().nullable().optional(),
  /** Why it can't be rolled back to, as the end of a sentence: "it failed". */
  rollbackObstacle: z.string().nullable().optional(),
  /** Where the code came from that it brought; null or absent when it brought none, or while the server is offline. */
  source: releaseSource.nullable().optional(),
  /** What was written about it on this desktop, oldest first. */
  notes: z.array(z.strictObject({ text: z.string(), writtenAt: timestamp })),
})
export type LedgerRelease = z.infer<typeof ledgerRelease>

/** What the ledger found wrong: silence is refused. */
export const ledgerFinding = z.strictObject({
  kind: z.enum(['gap', 'fork', 'rewrite', 'bad-signature', 'key-changed']),
  serverId: z.string(),
  appId: z.string(),
  version: z.number().int().nullable(),
  message: z.string(),
  foundAt: timestamp,
})
export type LedgerFinding = z.infer<typeof ledgerFinding>

const factPair = <T extends z.ZodType>(fact: T) => z.strictObject({ from: fact.nullable(), to: fact.nullable() })
const names = z.array(z.string())

/** Two releases side by side: names of config vars, never their values. A null fact is not known here, or there is none. */
export const releaseDifference = z.strictObject({
  from: z.number().int(),
  to: z.number().int(),
  /** Null where the config vars of either can't be read: another role, or no copy of them. */
  configVars: z.strictObject({ added: names, removed: names, changed: names, same: names }).nullable(),
  /** By the slug's checksum; true where neither has code, null where it is not known. */
  isSameCode: z.boolean().nullable(),
  commit: factPair(z.string()),
  slugChecksum: factPair(z.string()),
  stack: factPair(z.string()),
  /** Of the slug's compressed archive. */
  sizeBytes: factPair(z.number().int()),
  buildpacks: factPair(names),
  addOns: factPair(names),
  /** All of both, with their commands; null where it is not known of both. */
  processTypes: z
    .array(
      z.strictObject({
        type: z.string(),
        ...factPair(z.string()).shape,
        /** Dynos that it has now; null while the server is away. */
        quantity: z.number().int().nullable(),
      }),
    )
    .nullable(),
  /** Null where it is not known of both, or one has no code. */
  files: z
    .strictObject({
      added: z.number().int(),
      removed: z.number().int(),
      changed: z.number().int(),
      /** With sizes in bytes; a path that ends in `/` is an installed dependency, as one. */
      changes: z.array(z.strictObject({ path: z.string(), ...factPair(z.number().int()).shape })),
      /** How many differ besides those that are listed. */
      more: z.number().int(),
      /** A slug has so many files that not all are compared. */
      isPartial: z.boolean(),
    })
    .nullable(),
})
export type ReleaseDifference = z.infer<typeof releaseDifference>

const target = { serverId: z.string(), app: z.string() }
const pair = { from: z.number().int(), to: z.number().int() }

export const calls = {
  'apps.list': call(z.strictObject({ serverId: z.string().optional() }), z.array(appSummary)),
  'apps.get': call(z.strictObject(target), appSummary),
  'apps.create': call(z.strictObject({ serverId: z.string(), name: appName.optional() }), appSummary),
  'apps.update': call(z.strictObject({ ...target, update: appUpdate }), appSummary),
  /** `confirm` must be the app's name, typed by a human. */
  'apps.destroy': call(z.strictObject({ ...target, confirm: z.string() }), z.strictObject({})),

  'formation.list': call(z.strictObject(target), z.array(formation)),
  'formation.update': call(
    z.strictObject({ ...target, updates: formationBatchUpdate.shape.updates }),
    z.array(formation),
  ),
  'dynoSizes.list': call(z.strictObject({ serverId: z.string() }), z.array(dynoSize)),
  'dynos.list': call(z.strictObject(target), z.array(z.strictObject({ dyno, status: dynoStatus.nullable() }))),
  /** One dyno by name, all of a process type, or (neither) all of the app. */
  'dynos.restart': call(
    z.strictObject({ ...target, dyno: z.string().optional(), type: z.string().optional() }),
    z.strictObject({}),
  ),
  'dynos.stop': call(z.strictObject({ ...target, dyno: z.string() }), z.strictObject({})),

  'dynoSettings.get': call(z.strictObject(target), dynoSettings),
  'dynoSettings.update': call(z.strictObject({ ...target, update: dynoSettingsUpdate }), dynoSettings),

  /** What Heroku lets one turn on by app: of the router, sessions that come back to their dyno say. */
  'features.list': call(z.strictObject(target), z.array(feature)),
  'features.update': call(z.strictObject({ ...target, name: z.string(), isOn: z.boolean() }), z.array(feature)),

  'configVars.get': call(z.strictObject(target), configVars),
  'configVars.update': call(z.strictObject({ ...target, update: configVarsUpdate }), configVars),
  'buildpacks.list': call(z.strictObject(target), z.array(buildpackInstallation)),
  'buildpacks.update': call(
    z.strictObject({ ...target, buildpacks: z.array(z.string().min(1)) }),
    z.array(buildpackInstallation),
  ),

  'repository.get': call(z.strictObject(target), repository),
  'repository.update': call(z.strictObject({ ...target, update: repositoryUpdate }), repository),

  /** Newest first. From the agent when online, else from the ledger. */
  'releases.list': call(z.strictObject(target), z.array(ledgerRelease)),
  'releases.rollback': call(z.strictObject({ ...target, version: z.number().int() }), release),
  /** What `to` has, lacks and holds otherwise than `from`. */
  'releases.difference': call(z.strictObject({ ...target, ...pair }), releaseDifference),
  /** Values of the config vars in which two releases differ; asked for when a user wants to see them. */
  'releases.configVarChanges': call(
    z.strictObject({ ...target, ...pair }),
    z.array(z.strictObject({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  ),
  /** Why a release's slug is as big as it is. */
  'releases.slugWeight': call(z.strictObject({ ...target, slug: z.string() }), slugWeight),
  /** What the buildpacks said of the build of a release's slug. */
  'releases.buildReports': call(z.strictObject({ ...target, slug: z.string() }), slug.shape.buildpack_reports),
  /** Across all servers and apps, newest first; `search` looks in app, description, user, commit and notes. */
  'ledger.list': call(
    z.strictObject({ search: z.string().optional(), limit: z.number().int().min(1).max(1000).optional() }),
    z.array(ledgerRelease),
  ),
  /** Kept on this desktop; a note can be added but not changed. */
  'ledger.addNote': call(
    z.strictObject({ serverId: z.string(), appId: z.string(), version: z.number().int(), text: z.string() }),
    z.strictObject({}),
  ),
  /** Everything that matches, as the text of a file; without config vars. */
  'ledger.export': call(
    z.strictObject({ search: z.string().optional(), format: z.enum(['json', 'csv']) }),
    z.strictObject({ name: z.string(), text: z.string() }),
  ),
  'ledger.findings': call(z.strictObject({}), z.array(ledgerFinding)),
} as const

export const logFilter = {
  lines: z.number().int().min(0).max(1500),
  tail: z.boolean(),
  source: z.enum(['app', 'heroku']).optional(),
  /** A dyno's name or a process type. */
  process: z.string().optional(),
}
