import type { Session } from 'electron'
import { isPage } from './page-protocol.ts'

const allowed = new Set(['clipboard-sanitized-write', 'notifications'])
/** What the page is made of; the last is the developer tools', which only an unpackaged Hearth opens. */
const ownSchemes = new Set(['app:', 'blob:', 'data:', 'devtools:'])

/** A page may write to the clipboard and notify, from our own origin only; camera, location, USB and the rest are denied. */
export function limitPermissions(session: Session): void {
  const isAllowed = (permission: string, url: string) => allowed.has(permission) && isPage(url)
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(isAllowed(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, decide) => decide(null))
}

/** The page needs no network, and so has none: its content policy says so, and the browser's own end of it too. */
export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !(URL.canParse(url) && ownSchemes.has(new URL(url).protocol)) })
  })
}
