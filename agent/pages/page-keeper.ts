import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '../core/limits.ts'
import type { KeptPages, PageKeeper } from '../core/ports/routing/page-keeper.ts'
import { type Download, download } from '../exec/download.ts'

const fetchMs = 10_000

export interface PageKeeperOptions {
  readonly folder: string
  /** On this computer apps reach what listens on its loopback interface anyway. */
  readonly allowsOwnAddresses: boolean
}

/** One file an app. */
export function openPageKeeper({ folder, allowsOwnAddresses }: PageKeeperOptions): PageKeeper {
  return {
    async fetch(url, signal) {
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new Error('it is no http or https URL')
      const within = AbortSignal.any([signal, AbortSignal.timeout(fetchMs)])
      return readPage(await download(url, { signal: within, allowsOwnAddresses }))
    },
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
      const read = async (name: string): Promise<[string, KeptPages]> => [
        name.slice(0, -'.json'.length),
        JSON.parse(await readFile(join(folder, name), 'utf8')) as KeptPages,
      ]
      return new Map(await Promise.all(names.map(read)))
    },
    async save(appId, pages) {
      const file = join(folder, `${appId}.json`)
      if (!pages.error && !pages.maintenance) return rm(file, { force: true })
      await writeFile(`${file}.new`, JSON.stringify(pages), { mode: 0o600 })
      await rename(`${file}.new`, file)
    },
  }
}

async function readPage(page: Download): Promise<string> {
  try {
    if (page.status !== 200) throw new Error(`the answer has status ${page.status}`)
    const type = page.type ?? 'no type'
    if (!/^text\/html\b/i.test(type)) throw new Error(`it is no HTML but ${type}`)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of page.body) {
      bytes += chunk.length
      if (bytes > limits.customPageBytes) throw new Error(`it is larger than ${limits.customPageBytes / 1024} KiB`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  } finally {
    page.end()
  }
}
