import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * URLs that need no token because they hold their own permission: what may be read, until when, and a seal. Nothing
 * has to be remembered for them, so they work across an agent restart.
 */
export interface Permissions {
  /** `kind` and `subject` of the thing; `validMs` from now. */
  seal(kind: string, subject: string, validMs: number): string
  /** The subject, or null when the text is forged, expired or of another kind. */
  open(kind: string, sealed: string): string | null
}

export function createPermissions(key: Uint8Array, now: () => number): Permissions {
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  return {
    seal(kind, subject, validMs) {
      const text = `${kind}.${Buffer.from(subject).toString('base64url')}.${now() + validMs}`
      return `${text}.${sign(text)}`
    },
    open(kind, sealed) {
      const end = sealed.lastIndexOf('.')
      const text = sealed.slice(0, end)
      const [foundKind, subject = '', expiresAt = ''] = text.split('.')
      if (foundKind !== kind || Number(expiresAt) < now()) return null
      if (!isEqual(sign(text), sealed.slice(end + 1))) return null
      return Buffer.from(subject, 'base64url').toString('utf8')
    },
  }
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
