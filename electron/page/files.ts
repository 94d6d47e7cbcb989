import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

export interface StaticFile {
  readonly contentType: string
  readonly content: Buffer
}

/** A file of the built renderer by URL path, or null; nothing outside the folder is reached. */
export async function readStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const path = resolveInside(folder, urlPath === '/' ? '/index.html' : urlPath)
  if (!path) return null
  try {
    return { contentType: types[extname(path)] ?? 'application/octet-stream', content: await readFile(path) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null
    throw error
  }
}

function resolveInside(folder: string, urlPath: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (decoded.includes('\0')) return null
  const path = normalize(join(folder, decoded))
  return path.startsWith(normalize(folder) + sep) ? path : null
}
