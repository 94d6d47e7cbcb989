import { protocol } from 'electron'
import { readStaticFile } from '../page/files.ts'
import { pageHeaders } from '../page/policy.ts'

/** The page's origin: a scheme of our own instead of file://, whose pages may read each other. */
export const pageOrigin = 'app://hearth'

/** A URL or an origin of our own page. By text, because URL knows no origin for a scheme of one's own. */
export function isPage(url: string): boolean {
  return url === pageOrigin || url.startsWith(`${pageOrigin}/`)
}

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePage(rendererDirectory: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url)
    const file = host === 'hearth' ? await readStaticFile(rendererDirectory, pathname) : null
    if (!file) return new Response('There is no such page in Hearth.\n', { status: 404 })
    return new Response(new Uint8Array(file.content), { headers: { ...pageHeaders, 'content-type': file.contentType } })
  })
}
