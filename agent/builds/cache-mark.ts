import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { removeTree } from './trees/remove-tree.ts'

// A build's programs wait for no disk (sandbox/systemd-run.ts), so that what they were keeping when the machine went down may be torn.
const prefix = '.building-'

/** Marks an app's cache as being written to; returns what takes the mark away. */
export async function markCache(cache: string, buildId: string): Promise<() => Promise<void>> {
  const mark = path.join(cache, `${prefix}${buildId}`)
  await writeFile(mark, await readBoot())
  return () => rm(mark, { force: true })
}

/** Removes the caches that were being written to when the machine went down; those of an agent that alone went down are whole. */
export async function dropTornCaches(cacheDirectory: string): Promise<void> {
  const boot = await readBoot()
  for (const name of await readdir(cacheDirectory)) {
    const cache = path.join(cacheDirectory, name)
    for (const mark of (await readdir(cache)).filter((one) => one.startsWith(prefix))) {
      const isTorn = (await readFile(path.join(cache, mark), 'utf8').catch(() => boot)) !== boot
      await (isTorn ? removeTree(cache) : rm(path.join(cache, mark), { force: true }))
      if (isTorn) break
    }
  }
}

/** Another one each time the kernel starts; empty where it has none. */
function readBoot(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
}
