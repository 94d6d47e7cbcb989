import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { completeEnvironment } from '../core/dyno-environment.ts'
import type { DynoSpec, InsideSpec } from '../core/ports/dyno-runner.ts'
import type { SlugTree } from '../core/ports/slug-store.ts'
import type { AppAccount } from './app-accounts.ts'
import { namespacePath } from './app-network.ts'
import { type DynoRecord, writeRecord } from './dyno-record.ts'
import { diskBytesOf, mountRoot, rootOf } from './dyno-root.ts'
import { discardEnds, openStreams } from './dyno-streams.ts'
import { renderEnvironmentFile } from './environment-file.ts'
import type { DynoEnds, SystemdDyno } from './systemd-dyno.ts'
import { renderUnitProperties, type UnitProperty } from './unit-properties.ts'

interface Place {
  readonly folder: string
  readonly account: AppAccount
  readonly record: DynoRecord
}

export interface DynoPlace extends Place {
  readonly identityDirectory: string
  /** The slug as the app's own. */
  readonly tree: SlugTree
}

/** What is ready to be handed to systemd. */
export interface PreparedDyno {
  readonly properties: readonly UnitProperty[]
  readonly ends: DynoEnds
}

/** Makes all that a dyno's unit needs: its root, its streams, its environment, and the record for a later agent. */
export async function prepareDyno(spec: DynoSpec, place: DynoPlace): Promise<PreparedDyno> {
  const { folder, identityDirectory, tree, record } = place
  await mkdir(folder, { mode: 0o700 })
  const mounting = mountRoot({ folder, identityDirectory, tree, sizeBytes: diskBytesOf(spec.limits.memoryBytes) })
  const environment = completeEnvironment(spec, { home: '/app', port: record.address?.port ?? null })
  return await prepareUnit({ ...spec, boundTo: null }, place, { rootDirectory: rootOf(folder), mounting, environment })
}

/** The same for a command inside a dyno: it shares that one's root and ends with its unit. */
export async function prepareInside(spec: InsideSpec, dyno: SystemdDyno, place: Place): Promise<PreparedDyno> {
  await mkdir(place.folder, { mode: 0o700 })
  const environment = completeEnvironment(spec, { home: '/app', port: dyno.record.address?.port ?? null })
  const rootDirectory = rootOf(dyno.folder)
  return await prepareUnit({ ...spec, boundTo: dyno.unit }, place, { rootDirectory, mounting: null, environment })
}

async function prepareUnit(
  spec: Pick<DynoSpec, 'name' | 'app' | 'command' | 'limits' | 'terminal'> & { boundTo: string | null },
  { folder, account, record }: Place,
  made: { rootDirectory: string; mounting: Promise<void> | null; environment: Record<string, string> },
): Promise<PreparedDyno> {
  const environmentFile = path.join(folder, 'environment')
  const opening = openStreams(spec.terminal, folder, account.uid)
  const [{ streams, ends }] = await Promise.all([
    opening,
    made.mounting,
    writeFile(environmentFile, renderEnvironmentFile(made.environment), { mode: 0o600 }),
    writeRecord(folder, record),
  ]).catch(async (error: unknown) => {
    await opening.then(
      ({ ends: unused }) => discardEnds(unused),
      () => {},
    )
    throw error
  })
  const properties = renderUnitProperties({
    description: `${spec.name} of ${spec.app.name}`,
    slice: `hearth-dynos-${account.slot}.slice`,
    user: account.user,
    rootDirectory: made.rootDirectory,
    networkNamespacePath: namespacePath(account.slot),
    environmentFile,
    command: spec.command,
    limits: spec.limits,
    streams,
    boundTo: spec.boundTo,
  })
  return { properties, ends }
}
