import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rename, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { HearthError } from '../../contract/errors.ts'
import { download } from '../../exec/download.ts'
import type { DownloadOptions } from '../../exec/open-download.ts'
import type { BuildRun } from '../build-run.ts'
import { applySlugIgnore } from '../slugs/slug-ignore.ts'
import { giveTo } from '../trees/give-to.ts'
import type { KnownDigests } from '../trees/tree-digest.ts'
import { DigestingStream } from './digesting-stream.ts'
import { materialise } from './materialise.ts'
import { commitOf, prepareCommit } from './prepare-commit.ts'
import { maximumSourceBytes } from './source-manifest.ts'
import { unpackTar } from './unpack-tar.ts'

const downloadTimeoutMs = 5 * 60 * 1000

/** Puts a build's source into its directory, as the app's own files. */
export async function prepareSource(run: BuildRun): Promise<KnownDigests> {
  const { request, output, signal } = run
  const { sources, sandbox } = run.options
  const { owner } = sandbox
  const directory = run.place.app
  const commit = commitOf(request.sourceUrl)
  if (commit !== null) {
    await prepareCommit(run, commit)
    await applySlugIgnore(directory, output)
    return new Map()
  }
  const [, scheme, rest = ''] = /^(manifest|blob):(.+)$/.exec(request.sourceUrl) ?? []
  if (scheme === 'manifest') {
    const manifest = await sources.openManifest(request.app.id, rest)
    return materialise(manifest, directory, owner)
  }
  const body =
    scheme === 'blob'
      ? createReadStream(await sources.openBlob(rest))
      : await downloadSource(request.sourceUrl, { signal, allowsOwnAddresses: run.options.allowsOwnAddresses })
  const digest = new DigestingStream()
  await unpackTar(digest.watch(body), createGunzip(), directory, { maximumBytes: maximumSourceBytes })
  digest.require(request.sourceChecksum)
  await liftOnlyFolder(directory)
  // Where the desktop made the manifest it has done both already.
  await rm(path.join(directory, '.git'), { recursive: true, force: true })
  await applySlugIgnore(directory, output)
  if (owner) await giveTo(directory, owner)
  return new Map()
}

/** An archive that a forge made has one folder around everything (`shop-1a2b3c4/`); the app is what is in it, as at Heroku. */
async function liftOnlyFolder(directory: string): Promise<void> {
  const [only, ...others] = await readdir(directory, { withFileTypes: true })
  if (!only?.isDirectory() || others.length > 0) return
  // What is in it may have the folder's own name.
  const folder = path.join(directory, `.lifted-${randomUUID()}`)
  await rename(path.join(directory, only.name), folder)
  for (const name of await readdir(folder)) await rename(path.join(folder, name), path.join(directory, name))
  await rmdir(folder)
}

export async function downloadSource(url: string, options: DownloadOptions): Promise<AsyncIterable<Uint8Array>> {
  if (!/^https?:\/\//.test(url))
    throw new HearthError(
      'invalid_params',
      'The source must be a manifest, an uploaded source, a pushed commit, or an http(s) URL of a gzipped tar.',
    )
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(downloadTimeoutMs)])
  const response = await download(url, { ...options, signal }).catch((cause: Error) => {
    throw new HearthError('build_failed', `The source could not be downloaded from ${hostOf(url)}: ${cause.message}.`)
  })
  if (response.status === 200) return response.body
  response.end()
  throw new HearthError(
    'build_failed',
    `The source could not be downloaded: ${hostOf(url)} answered ${response.status}.`,
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'nowhere'
}
