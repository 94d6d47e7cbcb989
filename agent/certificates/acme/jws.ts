import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto'

/** What a key is to an authority (RFC 7638): its public half, with its members in the one order that counts. */
export function publicJwk(key: string): { crv: string; kty: string; x: string; y: string } {
  const { crv = '', kty = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { crv, kty, x, y }
}

export const thumbprint = (key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(publicJwk(key)))
    .digest('base64url')

/** A signed request (RFC 8555, 6.2): flattened JSON. An empty payload asks for something without changing it. */
export function signRequest(key: string, header: object, payload: object | ''): string {
  const head = encode({ alg: 'ES256', ...header })
  const body = payload === '' ? '' : encode(payload)
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), {
    key: createPrivateKey(key),
    dsaEncoding: 'ieee-p1363',
  })
  return JSON.stringify({ protected: head, payload: body, signature: signature.toString('base64url') })
}

/** Ties an account to one that the authority has already (RFC 8555, 7.3.4). `secret` is base64url, as authorities hand it out. */
export function bindAccount(key: string, url: string, { id, secret }: { id: string; secret: string }): object {
  const head = encode({ alg: 'HS256', kid: id, url })
  const body = encode(publicJwk(key))
  const signature = createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${head}.${body}`).digest('base64url')
  return { protected: head, payload: body, signature }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
