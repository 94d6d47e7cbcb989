import { cp, mkdir, readdir, realpath, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parse, stringify } from 'smol-toml'
import { z } from 'zod'
import { HearthError } from '../../contract/errors.ts'
import { readResult } from '../build-place.ts'
import { parseInspected } from '../images/inspected.ts'
import type { Owner } from '../sources/materialise.ts'
import { giveTo } from '../trees/give-to.ts'
import type { BuilderFacts, OrderedBuildpack } from './builder-facts.ts'
import type { NamedBuildpack, ProjectDescriptor } from './project-toml.ts'

/** A buildpack that the builder does not have, with those that it is made of. */
export interface BroughtBuildpack extends OrderedBuildpack {
  /** Folders below that of the sandbox's buildpacks, and where the lifecycle looks for them below `/cnb/buildpacks`: `acme_own/1.0.0`. */
  readonly folders: readonly { readonly from: string; readonly to: string }[]
}

export interface Bringing {
  readonly source: string
  /** The sandbox's folder of buildpacks, as the server sees it. */
  readonly target: string
  readonly owner: Owner | null
  /** Lays `/cnb/buildpacks` of an image down as the folder of this name below the target, and returns what podman says of the image. */
  readonly fetch: (reference: string, folder: string) => Promise<string | null>
}

const buildpackToml = z.looseObject({
  buildpack: z.looseObject({ id: z.string(), version: z.string() }),
})

/** Puts those of images and of the source, before any of its files are left out, below `target`. */
export async function bringBuildpacks(
  named: readonly NamedBuildpack[],
  { source, target, owner, fetch }: Bringing,
): Promise<Map<NamedBuildpack, BroughtBuildpack>> {
  const brought = new Map<NamedBuildpack, BroughtBuildpack>()
  for (const [index, each] of named.entries()) {
    if (each.kind === 'builder') continue
    const folder = path.join(target, String(index))
    if (each.kind === 'image') {
      const { id, version } = readPackage(each.reference, await fetch(each.reference, String(index)))
      brought.set(each, { id, version, folders: await listPackage(folder) })
      continue
    }
    if (each.kind === 'folder') await copyFolder(source, each.folder, folder)
    else await writeScript(each, folder)
    if (owner) await giveTo(folder, owner)
    const { id, version } = await readIdentity(folder, each.kind === 'folder' ? each.folder : each.id)
    const to = `${id.replaceAll('/', '_')}/${version}`
    brought.set(each, { id, version, folders: [{ from: String(index), to }] })
  }
  return brought
}

/** A link on the way to it would lead to the server's own files. */
async function copyFolder(source: string, folder: string, target: string): Promise<void> {
  const [root, found] = await Promise.all([realpath(source), realpath(path.join(source, folder)).catch(() => null)])
  if (found !== path.join(root, folder))
    throw refuse(`names the buildpack ./${folder}, which is not a folder of the source`)
  await cp(found, target, { recursive: true, verbatimSymlinks: true })
}

async function writeScript(each: NamedBuildpack & { kind: 'script' }, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'bin'), { recursive: true })
  const write = (name: string, text: string, mode: number) => writeFile(path.join(folder, name), text, { mode })
  const own = { api: each.api, buildpack: { id: each.id, version: '0.0.0' }, stacks: [{ id: '*' }] }
  await write('buildpack.toml', stringify(own), 0o644)
  await write('bin/detect', '#!/bin/sh\nexit 0\n', 0o755)
  await write('bin/build', `#!${each.shell}\n${each.inline}\n`, 0o755)
}

async function readIdentity(folder: string, name: string): Promise<{ id: string; version: string }> {
  const read = buildpackToml.safeParse(readToml(await readResult(folder, 'buildpack.toml')))
  if (!read.success) throw refuse(`names the buildpack ${name}, whose buildpack.toml has no id and version`)
  const { id, version } = read.data.buildpack
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(id) && /^\w[\w.+-]*$/.test(version)) return { id, version }
  throw refuse(`names the buildpack ${name}, whose id and version can't be names of folders`)
}

/** Label of a packaged buildpack: https://github.com/buildpacks/spec/blob/main/distribution.md */
const packageLabel = 'io.buildpacks.buildpackage.metadata'
const inspected = z.array(
  z.looseObject({ Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }) }),
)

function readPackage(reference: string, inspection: string | null): { id: string; version: string } {
  const [image] = inspected.safeParse(parseInspected(inspection)).data ?? []
  const own = buildpackToml.shape.buildpack.safeParse(parseInspected(image?.Config.Labels?.[packageLabel] ?? null))
  if (own.success) return own.data
  throw refuse(`names the image ${reference}, which is no packaged buildpack: it has no label ${packageLabel}`)
}

/** `acme_own/1.0.0` and so on. A link among them would lead to what the sandbox has besides. */
async function listPackage(folder: string): Promise<{ from: string; to: string }[]> {
  const list = async (place: string) =>
    (await readdir(place, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && /^\w[\w.+-]*$/.test(entry.name))
      .map(({ name }) => name)
  const ids = await list(folder)
  const found = await Promise.all(
    ids.map(async (id) => (await list(path.join(folder, id))).map((one) => `${id}/${one}`)),
  )
  return found.flat().map((to) => ({ from: `${path.basename(folder)}/${to}`, to }))
}

/** The groups that the lifecycle tries instead of the builder's; null leaves it to those. */
export function chooseOrder(
  reference: string,
  { group, pre, post }: ProjectDescriptor,
  builder: BuilderFacts,
  brought: ReadonlyMap<NamedBuildpack, BroughtBuildpack>,
): readonly (readonly OrderedBuildpack[])[] | null {
  if (group.length + pre.length + post.length === 0) return null
  const find = (each: NamedBuildpack): OrderedBuildpack => {
    if (each.kind !== 'builder') {
      const { id, version } = brought.get(each) as BroughtBuildpack
      return { id, version }
    }
    const offered = builder.buildpacks.filter(({ id }) => id === each.id)
    const found = offered.find(({ version }) => each.version === null || version === each.version)
    if (found) return { id: found.id, version: found.version }
    const others = offered.map(({ version }) => version)
    throw refuse(
      others.length > 0
        ? `names ${each.id} ${each.version}, and ${reference} has ${each.id} ${others.join(', ')}`
        : `names the buildpack ${each.id}, which ${reference} does not have. It has ${listIds(builder)}`,
    )
  }
  const [own, before, after] = [group.map(find), pre.map(find), post.map(find)]
  const groups = own.length > 0 ? [own] : builder.order
  return groups.map((each) => [...before, ...each, ...after])
}

/** `order.toml`, as the platform interface has it. */
export function renderOrder(groups: readonly (readonly OrderedBuildpack[])[]): string {
  return stringify({ order: groups.map((group) => ({ group })) })
}

function listIds({ buildpacks }: BuilderFacts): string {
  return [...new Set(buildpacks.map(({ id }) => id))].slice(0, 30).join(', ') || 'none that it tells of'
}

function readToml(text: string | null): unknown {
  try {
    return parse(text ?? '')
  } catch {
    return null
  }
}

function refuse(why: string): HearthError {
  return new HearthError('build_failed', `project.toml ${why}.`)
}
