import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AgentDoor } from '../../core/ports/agent-door.ts'
import type { Attachments } from '../attach/attachments.ts'
import { splitExitMarker } from '../attach/exit-marker.ts'
import { hasBody, readBody } from '../send-body.ts'
import { forward } from './forward.ts'
import { parseOwnPath } from './own-path.ts'
import { requestHeaders } from './pass-headers.ts'
import { isRecord, isRewritten, type OwnAddress, rewriteAnswer, rewriteSource } from './rewrite.ts'

export interface ApiContext {
  readonly serverId: string
  readonly door: AgentDoor
  readonly own: OwnAddress
  readonly ownNames: readonly string[]
  readonly attachments: Attachments
}

const dynoPath = /^\/apps\/[^/]+\/dynos(\/[^/]+)?$/
const sourcePath = /^\/(apps\/[^/]+\/builds|app-setups)$/
/** A dyno's command has at most 32 KB; its environment may be larger. */
const maximumReadBytes = 1 << 20

/** Passes a request of the API on; what names this gateway or its terminals is read and rewritten. */
export async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  context: ApiContext,
  isAuthorized: boolean,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const path = url.split('?')[0] ?? ''
  const headers = requestHeaders(request.headers)
  const head = { method, path: url, headers, isAuthorized }
  const rewrite = isRewritten(url) ? (answer: unknown) => rewriteAnswer(answer, context.own) : null
  const isRead = method === 'POST' && hasBody(request) && (dynoPath.test(path) || sourcePath.test(path))
  if (!isRead) return forward(context.door, { request, response, head, rewrite })
  const read = parse(await readBody(request, maximumReadBytes))
  const asked = dynoPath.test(path) ? readDyno(read) : { body: rewriteSource(read, context.ownNames), terminal: null }
  const body = Buffer.from(typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body))
  const { terminal } = asked
  return forward(context.door, {
    request,
    response,
    head: { ...head, headers: { ...headers, 'content-length': String(body.length) } },
    body,
    rewrite: (answer, status) => {
      if (terminal && status < 300) rememberTerminal(answer, { ...terminal, app: path.split('/')[2] ?? '' }, context)
      return rewriteAnswer(answer, context.own)
    },
  })
}

interface AskedTerminal {
  readonly hasExitMarker: boolean
  readonly isPiped: boolean
}

/** The stock client asks for an exit status by a suffix to its command, which is ours to answer. */
function readDyno(body: unknown): { body: unknown; terminal: AskedTerminal | null } {
  if (!isRecord(body)) return { body, terminal: null }
  const { command, hasExitMarker } = splitExitMarker(body.command)
  const terminal = { hasExitMarker, isPiped: body.force_no_tty === true }
  return { body: { ...body, ...(hasExitMarker ? { command } : {}) }, terminal }
}

function rememberTerminal(
  dyno: unknown,
  asked: AskedTerminal & { app: string },
  { attachments, serverId }: ApiContext,
): void {
  if (!isRecord(dyno) || typeof dyno.attach_url !== 'string' || typeof dyno.id !== 'string') return
  const path = parseOwnPath(dyno.attach_url)
  if (path.kind === 'attach') attachments.add(path.secret, { serverId, dynoId: dyno.id, ...asked })
}

/** What is no JSON goes on as it came: the agent says what is wrong with it. */
function parse(body: Buffer): unknown {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
