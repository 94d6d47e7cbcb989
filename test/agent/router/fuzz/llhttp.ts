// Node's own parser as a second opinion, without the server around it. Only tests touch this inner part of Node.
import { METHODS } from 'node:http'
import { createRequire } from 'node:module'
import type { Message } from './message.ts'

interface Parser {
  [event: number]: unknown
  initialize(type: number, resource: object, maxHeaderBytes: number): void
  execute(bytes: Buffer): number | Error
  finish(): unknown
}

interface ParserClass {
  new (): Parser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
}

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: ParserClass
  methods: readonly string[]
}

/** Methods are a fixed list to Node, any token to us. */
export const isKnownToNode = (method: string): boolean => METHODS.includes(method)

const maxHeaderBytes = 2 * 1024 * 1024

/** The whole messages that llhttp sees in these bytes before it refuses, or they end. */
export const requestsSeenByNode = (bytes: Buffer): Message[] => run(HTTPParser.REQUEST, bytes, false).messages

/** As many responses as there are; `isToHead`: they answer HEAD. Null when llhttp refuses. */
export function responsesSeenByNode(bytes: Buffer, isToHead: boolean): Message[] | null {
  const { messages, isRefused } = run(HTTPParser.RESPONSE, bytes, isToHead)
  return isRefused ? null : messages
}

function run(type: number, bytes: Buffer, isToHead: boolean): { messages: Message[]; isRefused: boolean } {
  const parser = new HTTPParser()
  parser.initialize(type, {}, maxHeaderBytes)
  const messages: Message[] = []
  let start = ''
  let body = ''
  parser[HTTPParser.kOnHeadersComplete] = (
    ...[, , , method, target, status]: [unknown, unknown, unknown, number, string, number]
  ) => {
    start = type === HTTPParser.REQUEST ? `${methods[method]} ${target}` : String(status)
    body = ''
    return isToHead ? 1 : 0
  }
  parser[HTTPParser.kOnBody] = (piece: Buffer) => {
    body += piece.toString('latin1')
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    messages.push({ start, body })
  }
  const outcome = parser.execute(bytes)
  return { messages, isRefused: typeof outcome !== 'number' }
}
