import { readlink, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { HearthError } from '../contract/errors.ts'

export interface ActivationOptions {
  /** Holds `versions/` and the link `current`. */
  readonly base: string
  readonly version: string
  /** Restarts the agent so that it runs what `current` points to. */
  readonly restart: () => Promise<void>
  /** Resolves when the agent answers; rejects when it does not in time. */
  readonly checkHealth: () => Promise<void>
}

export interface Activation {
  readonly version: string
  readonly state: 'active' | 'went-back' | 'failed'
  /** Why it was not kept. */
  readonly message: string | null
}

/**
 * Switches to a version and keeps it only if its agent answers; otherwise the one before runs again. Dynos and router
 * are not touched. It runs on the server by itself, so that a desktop which goes away in between changes nothing.
 */
export async function activate(options: ActivationOptions): Promise<Activation> {
  const previous = await readCurrent(options.base)
  try {
    await pointTo(options.base, options.version)
    await options.restart()
    await options.checkHealth()
    return { version: options.version, state: 'active', message: null }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (previous === null || previous === options.version) return { version: options.version, state: 'failed', message }
    return goBack(options, previous, message)
  }
}

async function goBack(options: ActivationOptions, previous: string, why: string): Promise<Activation> {
  await pointTo(options.base, previous)
  try {
    await options.restart()
    await options.checkHealth()
    return { version: previous, state: 'went-back', message: why }
  } catch (error) {
    const message = `${why} Going back to ${previous} failed too: ${(error as Error).message}`
    return { version: previous, state: 'failed', message }
  }
}

async function readCurrent(base: string): Promise<string | null> {
  try {
    return (await readlink(join(base, 'current'))).replace(/^versions\//, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}

/** A rename replaces the link in one step: whoever follows it finds the old version or the new, never nothing. */
async function pointTo(base: string, version: string): Promise<void> {
  if (!/^[\w.-]+$/.test(version)) throw new HearthError('bad_request', `${version} is not the name of a version.`)
  const next = join(base, '.current.next')
  await rm(next, { force: true })
  await symlink(`versions/${version}`, next)
  await rename(next, join(base, 'current'))
}
