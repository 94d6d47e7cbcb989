import type { IncomingMessage, ServerResponse } from 'node:http'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { ApiToken } from '../../core/client/api-token.ts'
import type { AgentDoor } from '../../core/ports/agent-door.ts'
import type { Attachments } from '../attach/attachments.ts'
import { answerGit, challenge, gitError } from '../git/answer-git.ts'
import { asHearthError, errorMessage, type Message, sendMessage } from './answer.ts'
import { answerApi } from './api-request.ts'
import { isSameToken, readToken } from './credentials.ts'
import { guardRequest, ownNames } from './guard.ts'
import { proveIdentity } from './identity.ts'
import { type OwnPath, parseOwnPath } from './own-path.ts'
import type { OwnAddress } from './rewrite.ts'

/** What one server's port knows. */
export interface PortContext {
  readonly serverId: string
  readonly port: number
  readonly token: ApiToken
  readonly openDoor: () => Promise<AgentDoor>
  readonly appUrl: OwnAddress['appUrl']
  readonly attachments: Attachments
  readonly onError: (message: string, error: unknown) => void
}

/** Answers one request to a server's port, whatever it is; never throws. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: PortContext,
): Promise<void> {
  try {
    guardRequest(request, context.port)
    await route(request, response, context)
  } catch (error) {
    const known = asHearthError(error)
    // Neither path nor headers: they may hold a secret.
    if (known.id === 'internal') context.onError('The gateway failed on a request', known.cause ?? known)
    sendMessage(response, describe(request, known))
  }
}

async function route(request: IncomingMessage, response: ServerResponse, context: PortContext): Promise<void> {
  const target = request.url ?? '/'
  const path = parseOwnPath(target.split('?')[0] ?? '')
  if (path.kind === 'identity') return answerIdentity(response, context, target)
  if (path.kind === 'attach') throw new HearthError('bad_request', 'A terminal is opened by an upgrade of TLS.')
  const isAuthorized = path.kind !== 'sealed'
  const isOpen = path.kind === 'buildpacks' && request.method === 'GET'
  if (isAuthorized && !isOpen) requireToken(request, context)
  const door = await context.openDoor()
  if (path.kind === 'git') return answerGit(request, response, door, path)
  const own = ownAddress(request, context)
  const { serverId, attachments, port } = context
  await answerApi(request, response, { serverId, door, own, ownNames: ownNames(port), attachments }, isAuthorized)
}

function answerIdentity(response: ServerResponse, { port, serverId, token }: PortContext, target: string): void {
  const proof = proveIdentity({ port, serverId }, token.text, target)
  if (proof === null) throw new HearthError('bad_request', 'That is asked with a nonce.')
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': proof.length }).end(proof)
}

function requireToken({ headers }: IncomingMessage, { token, serverId }: PortContext): void {
  const shown = readToken(headers.authorization)
  if (shown === null || !isSameToken(shown, token.text)) {
    throw new HearthError(
      'unauthorized',
      'The token is missing, wrong or revoked. Open a new terminal from Hearth, or take a new one with: hearth token show',
    )
  }
  const client = (headers['user-agent'] ?? 'unnamed').slice(0, 80)
  token.noteUse({ serverId, client })
}

/** A client that has no ssh says so, and gets the transport that needs none. */
function ownAddress({ headers }: IncomingMessage, { port, appUrl }: PortContext): OwnAddress {
  const host = `127.0.0.1:${port}`
  const wantsRendezvous = headers['hearth-attach'] === 'rendezvous'
  return {
    appUrl,
    base: `http://${host}`,
    attachUrl: (secret) => (wantsRendezvous ? `rendezvous://${host}/${secret}` : `https://${host}/attach/${secret}`),
  }
}

function describe(request: IncomingMessage, error: HearthError): Message {
  const path: OwnPath = parseOwnPath(request.url?.split('?')[0] ?? '')
  if (path.kind !== 'git') return errorMessage(error)
  const message = gitError(error)
  return error.id === 'unauthorized' ? { ...message, headers: { ...message.headers, ...challenge } } : message
}
