import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fitsPattern } from './pattern.ts'
import type { Site } from './site.ts'

/** What an address is answered with. */
export type Found =
  | { readonly kind: 'file'; readonly file: string; readonly status: 200 | 404 }
  | { readonly kind: 'redirect'; readonly to: string; readonly status: number }
  | { readonly kind: 'nothing' }

/** Of the app's own folder these are for the platform, not for visitors. */
const hidden = new Set(['Procfile', 'static.json', 'Staticfile', 'app.json', 'node_modules', 'package.json'])

/**
 * `pathname` is decoded and has no empty, `.` or `..` parts (see readPathname). Answers with nothing outside of the folder, whichever way
 * links lead.
 */
export async function findFile(site: Site, folder: string, pathname: string): Promise<Found> {
  const redirect = site.redirects.find(({ from }) => fitsPattern(from, pathname))
  if (redirect) return { kind: 'redirect', to: redirect.to, status: redirect.status }
  const isFolder = pathname.endsWith('/')
  const exact = await look(site, folder, isFolder ? `${pathname}index.html` : pathname)
  if (exact === 'folder') return { kind: 'redirect', to: `${encodeURI(pathname)}/`, status: 301 }
  if (exact) return { kind: 'file', file: exact, status: 200 }
  if (site.hasCleanUrls && pathname !== '/') {
    const clean = await look(site, folder, `${pathname.replace(/\/$/, '')}.html`)
    if (clean && clean !== 'folder') return { kind: 'file', file: clean, status: 200 }
  }
  // An asset that is missing must stay so: a page in its place would be taken for a script.
  const isAsset = /\.\w+$/.test(pathname) && !/\.html?$/.test(pathname)
  const route = site.routes.find(({ pattern }) => fitsPattern(pattern, pathname) && !(isAsset && pattern === '/**'))
  const routed = route && (await look(site, folder, `/${route.file}`))
  if (routed && routed !== 'folder') return { kind: 'file', file: routed, status: 200 }
  const page = site.errorPage && (await look(site, folder, `/${site.errorPage}`))
  return page && page !== 'folder' ? { kind: 'file', file: page, status: 404 } : { kind: 'nothing' }
}

/** Whether the address is that of a file itself, or of a folder with a page in it. */
export async function hasFile(site: Site, folder: string, pathname: string): Promise<boolean> {
  const found = await look(site, folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
  return found !== null && found !== 'folder'
}

async function look(site: Site, folder: string, pathname: string): Promise<string | 'folder' | null> {
  const [first = '', ...rest] = pathname.split('/').filter((part) => part !== '')
  if ([first, ...rest].some((part, at) => part.startsWith('.') && !(at === 0 && part === '.well-known'))) return null
  if (site.root === '.' && hidden.has(first)) return null
  try {
    const file = await realpath(path.join(folder, pathname))
    const root = await realpath(folder)
    if (file !== root && !file.startsWith(`${root}/`)) return null
    const found = await stat(file)
    if (found.isDirectory()) return pathname.endsWith('/') ? null : 'folder'
    return found.isFile() ? file : null
  } catch {
    // Not there, too long a name, a file where a folder is expected: no such page.
    return null
  }
}

/** The decoded path of a request, or null for one that can't be meant: bad escapes, a NUL, a way upwards. */
export function readPathname(target: string): string | null {
  const [raw = ''] = target.split(/[?#]/)
  if (!raw.startsWith('/')) return null
  try {
    const pathname = decodeURIComponent(raw)
    if (pathname.includes('\0') || pathname.split('/').some((part) => part === '..' || part === '.')) return null
    // So that no redirect begins with two, which browsers take for another host.
    return pathname.replace(/\/{2,}/g, '/')
  } catch {
    return null
  }
}
