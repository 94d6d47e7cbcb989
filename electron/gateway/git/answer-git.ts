import type { IncomingMessage, ServerResponse } from 'node:http'
import { HearthError } from '../../../agent/contract/errors.ts'
import { gitHeaders } from '../../../agent/contract/sources/git.ts'
import type { AgentDoor } from '../../core/ports/agent-door.ts'
import { type Message, textMessage } from '../api/answer.ts'
import { forward } from '../api/forward.ts'
import { requestHeaders } from '../api/pass-headers.ts'
import { parseGitRequest } from './git-path.ts'

/** git asks its credential helper only after an answer with a challenge. */
export const challenge = { 'www-authenticate': 'Basic realm="Hearth"' } as const

/** Passes git's protocol over HTTP on to the agent, which has one endpoint for both halves of both services. */
export async function answerGit(
  request: IncomingMessage,
  response: ServerResponse,
  door: AgentDoor,
  { app, rest }: { app: string; rest: string },
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const asked = parseGitRequest(method, rest, new URL(url, 'http://gateway').searchParams)
  if (!asked) throw new HearthError('not_found', `There is a git repository here, and in it no ${method} of that path.`)
  const headers = { ...requestHeaders(request.headers), [gitHeaders.mode]: asked.mode }
  const head = { method: 'POST', path: `/apps/${app}/git/${asked.service}`, headers, isAuthorized: true }
  await forward(door, { request, response, head, throwsErrors: true })
}

/** git shows a text to its user as `remote: ...`. */
export function gitError(error: HearthError): Message {
  return textMessage(error.status, error.message)
}
