import { createHmac, randomBytes } from 'node:crypto'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { isSameToken } from './credentials.ts'
import { identityPath } from './own-path.ts'

/** Whose gateway a port is: proven with the token that only programs of the same user's Hearth can read. */
export interface Identity {
  readonly port: number
  readonly serverId: string
}

const answerMs = 3_000
const nonce = /^[\w-]{22,64}$/

/** What is answered to `?nonce=`; null for a question that is none. The port keeps it from being passed on by another. */
export function proveIdentity({ port, serverId }: Identity, token: string, target: string): string | null {
  const asked = new URL(target, 'http://gateway').searchParams.get('nonce') ?? ''
  if (!nonce.test(asked)) return null
  return createHmac('sha256', token).update(`hearth gateway ${port} ${serverId} ${asked}`).digest('base64url')
}

/** Whether the program that listens there is a Hearth of the same user that serves the same server. */
export async function isOwnGateway(identity: Identity, token: string): Promise<boolean> {
  const target = `${identityPath}?nonce=${randomBytes(24).toString('base64url')}`
  const proof = await ask(identity.port, target)
  const expected = proveIdentity(identity, token, target)
  return proof !== null && expected !== null && isSameToken(proof, expected)
}

function ask(port: number, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false, signal: AbortSignal.timeout(answerMs) })
    request.on('error', () => resolve(null))
    request.on('response', (response) => {
      // Somebody else's program may say anything at any length.
      if (response.statusCode !== 200 || Number(response.headers['content-length']) !== 43) {
        request.destroy()
        resolve(null)
        return
      }
      text(response).then(resolve, () => resolve(null))
    })
  })
}
