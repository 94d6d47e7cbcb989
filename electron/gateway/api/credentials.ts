import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * The token of an `Authorization` header: `Bearer`, or `Basic` with the token as its password, as git and a few of the
 * stock client's requests send it. Null without one.
 */
export function readToken(authorization: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+) *$/.exec(authorization ?? '') ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value
    case 'basic':
      return Buffer.from(value, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    default:
      return null
  }
}

/** Takes as long for every wrong token as for any other. */
export function isSameToken(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
