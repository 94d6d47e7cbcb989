import { chown, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { completeEnvironment } from '../core/dyno-environment.ts'
import type { DynoSpec } from '../core/ports/dyno-runner.ts'
import type { SlugTree } from '../core/ports/slug-store.ts'
import { createFifo, openFifo, openFifoForWriting } from '../exec/fifo.ts'
import { openPty } from '../exec/pty.ts'
import { toReadableStream, toWritableStream } from '../exec/web-streams.ts'
import type { AppAccount } from './app-accounts.ts'
import { namespacePath } from './app-network.ts'
import { type DynoRecord, writeRecord } from './dyno-record.ts'
import { diskBytesOf, mountRoot } from './dyno-root.ts'
import { renderEnvironmentFile } from './environment-file.ts'
import type { DynoEnds } from './systemd-dyno.ts'
import { type DynoStreams, renderUnitProperties, type UnitProperty } from './unit-properties.ts'

export interface DynoPlace {
  readonly folder: string
  readonly account: AppAccount
  readonly identityDirectory: string
  readonly record: DynoRecord
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
  const { folder, account, record } = place
  await mkdir(folder, { mode: 0o700 })
  const environmentFile = path.join(folder, 'environment')
  const environment = completeEnvironment(spec, { home: '/app', port: record.address?.port ?? null })
  const opening = openStreams(spec, folder, account.uid)
  const [rootDirectory, { streams, ends }] = await Promise.all([
    mountRoot({
      folder,
      identityDirectory: place.identityDirectory,
      tree: place.tree,
      sizeBytes: diskBytesOf(spec.limits.memoryBytes),
    }),
    opening,
    writeFile(environmentFile, renderEnvironmentFile(environment), { mode: 0o600 }),
    writeRecord(folder, record),
  ]).catch(async (error: unknown) => {
    await opening.then(
      ({ ends }) => discardEnds(ends),
      () => {},
    )
    throw error
  })
  const properties = renderUnitProperties({
    description: `${spec.name} of ${spec.app.name}`,
    slice: `hearth-dynos-${account.slot}.slice`,
    user: account.user,
    rootDirectory,
    networkNamespacePath: namespacePath(account.slot),
    environmentFile,
    command: spec.command,
    limits: spec.limits,
    streams,
  })
  return { properties, ends }
}

async function openStreams(
  spec: DynoSpec,
  folder: string,
  uid: number,
): Promise<{ streams: DynoStreams; ends: DynoEnds }> {
  if (typeof spec.attach === 'object' && spec.attach !== null) {
    const pty = openPty(spec.attach)
    const terminal = {
      input: toWritableStream(pty.stream),
      output: toReadableStream(pty.stream),
      resize: (columns: number, rows: number) => pty.resize({ columns, rows }),
    }
    return {
      streams: { kind: 'terminal', ttyPath: pty.slavePath },
      ends: { log: null, terminal, release: pty.releaseSlave },
    }
  }
  const outputPath = path.join(folder, 'output')
  const output = await openOwnFifo(outputPath, uid, openFifo)
  if (spec.attach === null) {
    return { streams: { kind: 'log', outputPath }, ends: { log: output, terminal: null, release: () => {} } }
  }
  const inputPath = path.join(folder, 'input')
  const input = await openOwnFifo(inputPath, uid, openFifoForWriting)
  const terminal = {
    input: toWritableStream(input.stream),
    output: toReadableStream(output.stream),
    resize: () => {},
  }
  const release = () => {
    output.release()
    input.release()
    input.stream.destroy()
  }
  return { streams: { kind: 'pipes', inputPath, outputPath }, ends: { log: null, terminal, release } }
}

/** A dyno can open its own output again by name, so it must own it. */
async function openOwnFifo<T>(path: string, uid: number, open: (path: string) => T): Promise<T> {
  await createFifo(path)
  await chown(path, uid, uid)
  return open(path)
}

function discardEnds(ends: DynoEnds): void {
  ends.release()
  ends.log?.release()
  ends.log?.stream.destroy()
  void ends.terminal?.output.cancel()
}
