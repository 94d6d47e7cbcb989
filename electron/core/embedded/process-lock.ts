import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A process, told apart from a later one with the same number by when it started (where the platform tells). */
export interface ProcessIdentity {
  readonly pid: number
  readonly started: string | null
}

export interface ProcessLock {
  readonly holder: ProcessIdentity
  /** False when another process holds it. */
  readonly isOurs: boolean
  release(): Promise<void>
}

/** Takes the lock, or tells who holds it. A lock whose process is gone counts as free. */
export async function acquireLock(path: string): Promise<ProcessLock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const own = await identify(process.pid)
  for (;;) {
    if (await place(path, own)) return { holder: own, isOurs: true, release: () => rm(path, { force: true }) }
    const holder = await readLock(path)
    if (holder && (await isRunning(holder))) return { holder, isOurs: false, release: async () => {} }
    await setAside(path, holder)
  }
}

export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, started: await startTime(pid) }
}

export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === null || started === (await startTime(pid))
}

/** The file appears whole or not at all, so nobody reads half a lock. */
async function place(path: string, own: ProcessIdentity): Promise<boolean> {
  const aside = `${path}.${own.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(aside, JSON.stringify(own), { mode: 0o600 })
  try {
    await link(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function readLock(path: string): Promise<ProcessIdentity | null> {
  try {
    const { pid, started } = JSON.parse(await readFile(path, 'utf8')) as Partial<ProcessIdentity>
    return Number.isInteger(pid) && Number(pid) > 0 ? { pid: Number(pid), started: started ?? null } : null
  } catch {
    // Gone in the meantime, or not ours: both are no holder.
    return null
  }
}

/** Between the look and the removal someone else may have taken the lock; then it is put back. */
async function setAside(path: string, stale: ProcessIdentity | null): Promise<void> {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await readLock(aside)
  const isOther = moved && (moved.pid !== stale?.pid || moved.started !== stale.started)
  if (isOther) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

/**
 * Field 22 of /proc/PID/stat, in clock ticks since boot; the name in field 2 may hold spaces and brackets. A process that has
 * ended and waits for its parent to ask (state Z) runs no more.
 */
async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}
