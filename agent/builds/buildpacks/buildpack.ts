import { constants } from 'node:fs'
import { access, cp, mkdir, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { hasLogin } from '../../contract/builds/build.ts'
import { builtIns } from '../../contract/builds/built-in-buildpacks.ts'
import { HearthError } from '../../contract/errors.ts'
import { download } from '../../exec/download.ts'
import type { DownloadOptions } from '../../exec/open-download.ts'
import { DigestingStream } from '../sources/digesting-stream.ts'
import type { Owner } from '../sources/materialise.ts'
import { unpackTar } from '../sources/unpack-tar.ts'
import { giveTo } from '../trees/give-to.ts'

const maximumBuildpackBytes = 500 * 1024 * 1024
const downloadTimeoutMs = 5 * 60_000

export type BuildpackPlace =
  | { readonly kind: 'built-in'; readonly name: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref: string }
  | { readonly kind: 'tarball'; readonly url: string }
  | { readonly kind: 'folder'; readonly directory: string }

/** Where a buildpack comes from: a built-in's name, a git URL with `#ref`, a tarball's URL, or a folder's path. */
export function parseBuildpack(reference: string): BuildpackPlace {
  const plain = reference.replace(/(\.git)?(#.*)?$/, '')
  const stoodFor = builtIns.find(({ aliases }) => aliases.includes(plain))?.name ?? reference
  const [, name] = /^hearth\/([a-z][a-z0-9-]*)$/.exec(stoodFor) ?? []
  if (name) return { kind: 'built-in', name }
  if (hasLogin(reference))
    throw new HearthError(
      'build_failed',
      "The address of a buildpack can't hold a user or a password: everybody who may see the app reads it. Use a public address, or a folder of the server.",
    )
  if (/^https?:\/\/[^\s#?]+\.(tgz|tar\.gz)(\?[^\s#]*)?$/.test(reference)) return { kind: 'tarball', url: reference }
  const [, url, ref = ''] = /^((?:https?|git):\/\/[^\s#]+)(?:#([\w./-]+))?$/.exec(reference) ?? []
  if (url && !ref.startsWith('-')) return { kind: 'git', url, ref }
  const folder = reference.replace(/^file:\/\//, '')
  if (path.isAbsolute(folder)) return { kind: 'folder', directory: path.normalize(folder) }
  throw new HearthError(
    'build_failed',
    `'${reference.slice(0, 200)}' is not a buildpack. Give a built-in one (${builtIns.map((one) => one.name).join(', ')}), a git URL, ` +
      "a tarball's URL (.tgz, .tar.gz), both http or https, or a folder of the server.",
  )
}

/** Fills `target` with everything but a git repository, which is fetched in the sandbox; returns an archive's digest, `sha256:...`. */
export async function fetchBuildpack(
  place: Exclude<BuildpackPlace, { kind: 'git' }>,
  target: string,
  options: { builtInDirectory: string; owner: Owner | null } & DownloadOptions,
): Promise<string | null> {
  await mkdir(target, { recursive: true })
  let digest: string | null = null
  if (place.kind === 'tarball') {
    digest = await downloadTarball(place.url, target, options)
  } else {
    const from = place.kind === 'folder' ? place.directory : path.join(options.builtInDirectory, place.name)
    const isFolder = await stat(from).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) throw new HearthError('build_failed', `There is no buildpack '${describe(place)}' on this server.`)
    await cp(from, target, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  }
  if (options.owner) await giveTo(target, options.owner)
  return digest
}

async function downloadTarball(url: string, target: string, options: DownloadOptions): Promise<string> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(downloadTimeoutMs)])
  const refuse = (why: string) => new HearthError('build_failed', `The buildpack ${url} can't be used. ${why}`)
  const response = await download(url, { ...options, signal }).catch((cause: Error) => {
    throw refuse(`Its archive could not be downloaded: ${cause.message}. Check the address.`)
  })
  try {
    if (response.status !== 200)
      throw refuse(`Its archive could not be downloaded: the answer has status ${response.status}. Check the address.`)
    const digest = new DigestingStream()
    await unpackTar(digest.watch(response.body), createGunzip(), target, { maximumBytes: maximumBuildpackBytes })
    return `sha256:${digest.hex}`
  } catch (error) {
    if (!(error instanceof HearthError) || error.id === 'build_failed' || error.id === 'disk_full') throw error
    throw refuse(error.message)
  } finally {
    response.end()
  }
}

/** An archive often has one folder around everything; the buildpack is where `bin` is. */
export async function findBuildpackRoot(target: string): Promise<string> {
  if (await isThere(path.join(target, 'bin/compile'))) return target
  const [only, ...others] = await readdir(target)
  if (only && others.length === 0 && (await isThere(path.join(target, only, 'bin/compile'))))
    return path.join(target, only)
  throw new HearthError('build_failed', 'The buildpack has no bin/compile, so it is not a buildpack.')
}

function describe(place: { kind: string; name?: string; directory?: string }): string {
  return place.name ? `hearth/${place.name}` : (place.directory ?? place.kind)
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
