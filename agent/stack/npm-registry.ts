import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../contract/errors.ts'
import { chooseNewest, parseRange } from '../core/builds/version-range.ts'
import { type Download, download } from '../exec/download.ts'
import type { DownloadOptions } from '../exec/open-download.ts'

/** One published version of a package, with the digest that its archive must have. */
export interface PackageVersion {
  readonly name: string
  readonly version: string
  /** `sha512-<base64>` */
  readonly integrity: string
  readonly tarballUrl: string
}

type Request = Pick<DownloadOptions, 'signal' | 'headers'>

interface VersionList {
  readonly versions: Readonly<Record<string, { integrity: string; tarball: string }>>
}

/** Lists change a few times a month; a list that is a day old still builds, and builds go on without network. */
const listLifetimeMs = 12 * 60 * 60 * 1000
const listTimeoutMs = 30_000
const attempts = 3

/** Packages of an npm registry: lists are kept on disk, archives are checked while they arrive. */
export class NpmRegistry {
  readonly #url: string
  readonly #directory: string

  constructor(url: string, directory: string) {
    this.#url = url.endsWith('/') ? url : `${url}/`
    this.#directory = directory
  }

  /** The newest version of a range. An exact version that a stored list has needs no network. */
  async resolve(name: string, rangeText: string, signal: AbortSignal): Promise<PackageVersion> {
    const range = parseRange(rangeText)
    if (!range) throw new HearthError('build_failed', `'${rangeText.slice(0, 100)}' is not a range of versions.`)
    const list = await this.#readList(name, signal)
    const version = chooseNewest(Object.keys(list.versions), range)
    const found = version && list.versions[version]
    if (!found) throw new HearthError('build_failed', describeMissing(name, rangeText, Object.keys(list.versions)))
    return { name, version, integrity: found.integrity, tarballUrl: found.tarball }
  }

  /** Checks the archive against the registry's own digest; throws before its last byte when it does not match. */
  async *download(wanted: PackageVersion, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { body } = await this.#get(wanted.tarballUrl, { signal })
    const hash = createHash('sha512')
    // Held back by one, so that a reader never sees the end of an archive that is not what it should be.
    let held: Uint8Array | null = null
    for await (const chunk of body) {
      if (held) yield held
      hash.update(chunk)
      held = chunk
    }
    const actual = `sha512-${hash.digest('base64')}`
    if (actual !== wanted.integrity)
      throw new HearthError(
        'internal',
        `${wanted.name} ${wanted.version} arrived with the digest ${actual} instead of ${wanted.integrity}. It is not used. Try again, or check the registry.`,
      )
    if (held) yield held
  }

  async #readList(name: string, signal: AbortSignal): Promise<VersionList> {
    const file = path.join(this.#directory, `${name.replaceAll('/', '+')}.json`)
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Infinity,
    )
    if (age < listLifetimeMs) return JSON.parse(await readFile(file, 'utf8')) as VersionList
    try {
      const list = await this.#fetchList(name, signal)
      await mkdir(this.#directory, { recursive: true })
      await writeFile(`${file}.new`, JSON.stringify(list))
      await rename(`${file}.new`, file)
      return list
    } catch (error) {
      signal.throwIfAborted()
      if (age === Infinity) throw error
      return JSON.parse(await readFile(file, 'utf8')) as VersionList
    }
  }

  async #fetchList(name: string, signal: AbortSignal): Promise<VersionList> {
    const headers = { accept: 'application/vnd.npm.install-v1+json' }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)])
    const response = await this.#get(`${this.#url}${name.replaceAll('/', '%2f')}`, { headers, signal: limit })
    const body = JSON.parse(await text(response.body)) as {
      versions: Record<string, { dist: { integrity?: string; tarball: string } }>
    }
    const versions: Record<string, { integrity: string; tarball: string }> = {}
    // Packages older than the digest can't be checked, so they are not offered.
    for (const [version, { dist }] of Object.entries(body.versions))
      if (dist.integrity?.startsWith('sha512-'))
        versions[version] = { integrity: dist.integrity, tarball: dist.tarball }
    return { versions }
  }

  async #get(url: string, options: Request): Promise<Download> {
    const response = await downloadAgain(url, options).catch((cause: Error) => {
      throw new HearthError(
        'unavailable',
        `The package registry at ${new URL(url).host} can't be reached from the server: ${cause.message}.`,
        { cause },
      )
    })
    if (response.status === 200) return response
    response.end()
    throw new HearthError('unavailable', `The package registry at ${new URL(url).host} answered ${response.status}.`)
  }
}

/**
 * A name server or connection may fail for a moment; what the registry answers is final. Whoever set the server up named it,
 * so it may be anywhere.
 */
async function downloadAgain(url: string, options: Request): Promise<Download> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await download(url, { ...options, allowsOwnAddresses: true })
    } catch (error) {
      if (attempt === attempts || options.signal.aborted) throw error
      await delay(attempt * 500 * (1 + Math.random()), undefined, { signal: options.signal })
    }
  }
}

function describeMissing(name: string, range: string, versions: readonly string[]): string {
  const what = /^node-linux-/.test(name) ? 'Node.js' : name
  const newest = [...new Set(versions.map((version) => version.split('.')[0]))]
    .map((major) => chooseNewest(versions, parseRange(`${major}`) ?? []))
    .filter((version) => version !== null)
    .sort((a, b) => Number(b.split('.')[0]) - Number(a.split('.')[0]))
    .slice(0, 6)
  return `No version of ${what} fits '${range}'. The newest ones that can be had for this server: ${newest.join(', ')}.`
}
