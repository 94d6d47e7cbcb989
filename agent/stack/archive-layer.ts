import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HearthError } from '../contract/errors.ts'
import { runCommand } from '../exec/command.ts'
import { download } from '../exec/download.ts'
import { applyMirrors, type Mirror } from './mirrors.ts'
import { unpackZip } from './unpack-zip.ts'

/** One upstream archive with the digest that it must have. */
export interface ArchiveRecipe {
  readonly kind: 'archive'
  /** `go 1.26.11` */
  readonly provider: string
  /** Below usr/local/hearth. */
  readonly folder: string
  readonly sha256: string
  readonly url: string
}

const timeoutMs = 10 * 60_000
const maximumBytes = 1024 * 1024 * 1024

/** Fills `root` with `usr/local/hearth/<folder>/`, which holds what the archive's only folder holds: bin/, lib/, ... */
export async function installArchive(
  recipe: ArchiveRecipe,
  root: string,
  { mirrors, signal }: { mirrors: readonly Mirror[]; signal: AbortSignal },
): Promise<void> {
  const archive = path.join(root, '.archive')
  const target = path.join(root, 'usr/local/hearth', recipe.folder)
  await mkdir(target, { recursive: true })
  try {
    await fetchChecked(recipe, archive, { mirrors, signal })
    await unpack(recipe, archive, target)
  } finally {
    await rm(archive, { force: true })
  }
}

/** Downloads to a file; what has another digest is not used. */
export async function fetchChecked(
  { provider, url, sha256 }: ArchiveRecipe,
  file: string,
  options: { mirrors: readonly Mirror[]; signal: AbortSignal },
): Promise<void> {
  const place = applyMirrors(url, options.mirrors)
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)])
  const refuse = (why: string, cause?: unknown) =>
    new HearthError('unavailable', `${provider} can't be had from ${new URL(place.url).host}: ${why}`, { cause })
  const hash = createHash('sha256')
  let bytes = 0
  const response = await download(place.url, { signal, allowsOwnAddresses: place.isMirrored }).catch((cause: Error) => {
    options.signal.throwIfAborted()
    throw refuse(`${cause.message}. Check the server's network, or name a mirror in HEARTH_MIRRORS.`, cause)
  })
  try {
    if (response.status !== 200)
      throw refuse(`it answered ${response.status}. Check the address, or name a mirror in HEARTH_MIRRORS.`)
    const measured = async function* (body: AsyncIterable<Uint8Array>) {
      for await (const chunk of body) {
        bytes += chunk.length
        if (bytes > maximumBytes) throw refuse('what it sends has no end.')
        hash.update(chunk)
        yield chunk
      }
    }
    await pipeline(Readable.from(measured(response.body)), createWriteStream(file))
  } finally {
    response.end()
  }
  const actual = hash.digest('hex')
  if (actual !== sha256)
    throw refuse(`what it sent has the digest ${actual} instead of ${sha256}, so it is not used. Check the mirror.`)
}

async function unpack({ provider, url }: ArchiveRecipe, archive: string, target: string): Promise<void> {
  try {
    if (/\.(zip|jar|whl)$/.test(new URL(url).pathname)) await unpackZip(archive, target)
    else {
      // GNU tar sees by itself how it is packed; the digest is known to be right, so its own care is enough.
      const options = ['--no-same-owner', '--no-same-permissions', '--strip-components=1', '--directory', target]
      await runCommand(['tar', '--extract', '--file', archive, ...options])
    }
  } catch (cause) {
    throw new HearthError('internal', `${provider} could not be unpacked: ${(cause as Error).message}`, { cause })
  }
}
