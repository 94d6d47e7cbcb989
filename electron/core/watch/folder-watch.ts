import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import { partialReason } from '../folder/folder-ignore.ts'
import { type FolderListing, walkFolder } from '../folder/folder-walk.ts'
import type { WatchStatus } from './watched-folder.ts'

export interface WatchTimings {
  /** Between two looks at the folder, at least. */
  readonly pollMs: number
  /** How long nothing may have changed before it is deployed. */
  readonly quietMs: number
  /** The same while a sync tool has files half received, which it may also have left behind. */
  readonly partialMs: number
}

export interface FolderWatchOptions {
  readonly path: string
  readonly timings: WatchTimings
  readonly signal: AbortSignal
  /** The digest of a content that need not be deployed. */
  readonly known: () => string | null
  readonly digest: (listing: FolderListing) => Promise<string>
  /** What is in the way of a deploy now: the server is away, another deploy runs. */
  readonly obstacle: () => string | null
  readonly deploy: (digest: string) => Promise<void>
  readonly onStatus: (status: WatchStatus) => void
}

/** Between two looks at a large folder passes this many times as long as one takes. */
const restPerLook = 20

/**
 * Looks at a folder again and again, and deploys its newest content when it has been quiet. Looking is by what the file
 * system says of each file: notices of changes are lost on network folders, and cost a handle for each directory.
 */
export async function watchFolder(options: FolderWatchOptions): Promise<void> {
  const { timings, signal, onStatus } = options
  const look = new Look()
  while (!signal.aborted) {
    try {
      await settle(options, look)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof HearthError)) throw error
      onStatus({ state: 'waiting', obstacle: error.message })
    }
    const restMs = Math.max(timings.pollMs, look.tookMs * restPerLook)
    await sleep(restMs, undefined, { signal }).catch(() => {})
  }
}

/** What the looks before this one saw. */
class Look {
  /** Of what is known to need no deploy, so that its content is not read again. */
  knownShape: string | null = null
  /** The last one, without the deploy that may have followed. */
  tookMs = 0
  #shape: string | null = null
  #changedAt = Number.NEGATIVE_INFINITY

  /** How long the folder has looked like this, in milliseconds. */
  see(shape: string): number {
    const now = performance.now()
    if (shape !== this.#shape) this.#changedAt = now
    this.#shape = shape
    return now - this.#changedAt
  }
}

async function settle(options: FolderWatchOptions, look: Look): Promise<void> {
  const { timings, onStatus } = options
  const began = performance.now()
  const listing = await walkFolder(options.path, options.signal)
  look.tookMs = performance.now() - began
  // A synced folder that is not mounted is most often an empty one.
  if (listing.files.length === 0) return onStatus({ state: 'waiting', obstacle: 'The folder is empty.' })
  const shape = shapeOf(listing)
  const quietMs = look.see(shape)
  if (shape === look.knownShape) return onStatus({ state: 'watching', obstacle: null })
  const hasPartial = listing.leftOut.some(({ reason }) => reason === partialReason)
  if (quietMs < (hasPartial ? timings.partialMs : timings.quietMs))
    return onStatus({ state: 'settling', obstacle: null })
  const digest = await options.digest(listing)
  if (digest === options.known()) {
    look.knownShape = shape
    return onStatus({ state: 'watching', obstacle: null })
  }
  const obstacle = options.obstacle()
  if (obstacle !== null) return onStatus({ state: 'waiting', obstacle })
  onStatus({ state: 'deploying', obstacle: null })
  await options.deploy(digest)
}

function shapeOf({ files, links }: FolderListing): string {
  const hash = createHash('sha256')
  for (const { path, stamp, mode } of files) hash.update(`${path}\0${stamp}\0${mode}\0`)
  for (const { path, link } of links) hash.update(`${path}\0${link}\0`)
  return hash.digest('hex')
}
