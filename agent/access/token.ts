import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Who a token belongs to: an SSH key, known by its id and shown by its comment. */
export interface TokenOwner {
  readonly id: string
  readonly email: string
}

/** A token lives this long; the desktop mints another over its connection before that. */
export const tokenValidMs = 12 * 60 * 60 * 1000

/**
 * `<base64url of owner and expiry>.<HMAC-SHA256>`. Only who can read the mint key makes one: the forced command of
 * authorized_keys and the agent; whoever merely forwards a socket over SSH can read no file.
 */
export function mintToken(key: Uint8Array, owner: TokenOwner, now: number): { token: string; expiresAt: string } {
  const expiresAt = now + tokenValidMs
  const body = Buffer.from(JSON.stringify([owner.id, owner.email, expiresAt])).toString('base64url')
  return { token: `${body}.${seal(key, body)}`, expiresAt: new Date(expiresAt).toISOString() }
}

/** The owner, or null when the token is forged or expired. */
export function readToken(key: Uint8Array, token: string, now: number): TokenOwner | null {
  const [body = '', given = '', ...rest] = token.split('.')
  if (rest.length > 0 || !isEqual(seal(key, body), given)) return null
  const [id, email, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as [string, string, number]
  return expiresAt > now ? { id, email } : null
}

function seal(key: Uint8Array, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** A stable id for the owner of a key, since the API wants a UUID and an SSH key has none. */
export function actorId(keyId: string): string {
  const hex = createHash('sha256').update(`hearth actor ${keyId}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** Root on the server, which needs no SSH key: an installation that looks whether its agent is well. */
export const serverOwner: TokenOwner = { id: actorId('activation'), email: 'activation@this-server' }
