import type { Session } from 'electron'

const allowed = new Set(['clipboard-sanitized-write', 'notifications'])

/** A page may write to the clipboard and notify; camera, location, USB and the rest are denied. */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(allowed.has(permission)))
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission))
}
