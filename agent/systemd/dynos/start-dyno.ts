import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { completeEnvironment } from '../../core/dynos/dyno-environment.ts'
import type { SlugTree } from '../../core/ports/builds/slug-store.ts'
import type { ContainerEngine, EngineCommand } from '../../core/ports/dynos/container-engine.ts'
import type { DynoSpec, InsideSpec } from '../../core/ports/dynos/dyno-runner.ts'
import type { AppAccount } from '../apps/app-accounts.ts'
import { namespacePath } from '../network/app-network.ts'
import { type DynoRecord, writeRecord } from './dyno-record.ts'
import { diskBytesOf, mountRoot, requireStack, rootOf } from './dyno-root.ts'
import { discardEnds, openStreams } from './dyno-streams.ts'
import { renderEnvironmentFile } from './environment-file.ts'
import type { DynoEnds, SystemdDyno } from './systemd-dyno.ts'
import { renderUnitProperties, type UnitContent, type UnitProperty } from './unit-properties.ts'

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
export async function prepareDyno(spec: DynoSpec, place: DynoPlace, engine: ContainerEngine): Promise<PreparedDyno> {
  const { folder, identityDirectory, tree, record, account } = place
  await mkdir(folder, { mode: 0o700 })
  const sizeBytes = diskBytesOf(spec.limits.memoryBytes)
  const mounting = mountRoot({ folder, identityDirectory, tree, image: spec.image?.folder, sizeBytes })
  const environment = environmentOf(spec, record)
  const own = { rootDirectory: rootOf(folder), networkNamespacePath: namespacePath(account.slot) }
  const image = spec.image && { ...spec.image, stackDirectory: requireStack(tree), identityDirectory }
  const container = { id: spec.id, hostName: spec.app.name, uid: account.uid, folder, ...own, ...(image && { image }) }
  const makeContent = record.usesPodman
    ? prepareContainer(() => engine.prepare(container, { ...spec, environment }))
    : prepareCommand(spec, place, { ...own, environment })
  return await prepareUnit({ ...spec, boundTo: null }, place, { makeContent, mounting })
}

/** The same for a command inside a dyno: it shares that one's root and ends with its unit. */
export async function prepareInside(
  spec: InsideSpec,
  dyno: SystemdDyno,
  place: Place,
  engine: ContainerEngine,
): Promise<PreparedDyno> {
  await mkdir(place.folder, { mode: 0o700 })
  const environment = environmentOf(spec, dyno.record)
  const { uid, slot } = place.account
  const own = { rootDirectory: rootOf(dyno.folder), networkNamespacePath: namespacePath(slot) }
  const { id, image } = dyno.record
  const container = { id, uid, folder: dyno.folder, ...(image && { image }) }
  const makeContent = dyno.record.usesPodman
    ? prepareContainer(() => engine.prepareInside(container, { ...spec, environment }))
    : prepareCommand(spec, place, { ...own, environment })
  return await prepareUnit({ ...spec, boundTo: dyno.unit }, place, { makeContent, mounting: null })
}

function environmentOf(
  spec: Pick<DynoSpec, 'environment' | 'terminal'>,
  { address, image }: DynoRecord,
): Record<string, string> {
  return completeEnvironment(spec, {
    home: image?.home ?? '/app',
    port: address?.port ?? null,
    extra: image?.environment ?? {},
  })
}

async function prepareContainer(prepare: () => Promise<EngineCommand>): Promise<UnitContent> {
  return { kind: 'container', engine: await prepare() }
}

async function prepareCommand(
  { command }: Pick<DynoSpec, 'command'>,
  { folder, account }: Place,
  {
    environment,
    ...own
  }: { rootDirectory: string; networkNamespacePath: string; environment: Readonly<Record<string, string>> },
): Promise<UnitContent> {
  const environmentFile = path.join(folder, 'environment')
  await writeFile(environmentFile, renderEnvironmentFile(environment), { mode: 0o600 })
  return { kind: 'command', user: account.user, environmentFile, command, ...own }
}

async function prepareUnit(
  spec: Pick<DynoSpec, 'name' | 'app' | 'limits' | 'terminal'> & { boundTo: string | null },
  { folder, account, record }: Place,
  { makeContent, mounting }: { makeContent: Promise<UnitContent>; mounting: Promise<void> | null },
): Promise<PreparedDyno> {
  const opening = openStreams(spec.terminal, { folder, uid: account.uid, isContained: record.usesPodman === true })
  const [{ streams, ends }, content] = await Promise.all([
    opening,
    makeContent,
    mounting,
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
    // All in one: weights count between neighbours, so with a slice for each app its size would be nothing to other apps' dynos.
    slice: 'hearth-dynos.slice',
    content,
    limits: spec.limits,
    streams,
    boundTo: spec.boundTo,
  })
  return { properties, ends }
}
