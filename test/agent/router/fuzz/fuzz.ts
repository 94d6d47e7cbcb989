// Differential fuzzing of our HTTP engine against llhttp: `node test/agent/router/fuzz/fuzz.ts --seconds 600 [--seed 7]`. It prints
// the first case where they differ, and its seed.
import { parseArgs } from 'node:util'
import { isKnownToNode, requestsSeenByNode, responsesSeenByNode } from './llhttp.ts'
import { type Message, randomFrom } from './message.ts'
import { makeCase, requestSeeds, responseSeeds } from './mutate.ts'
import { requestSeenInDrops, requestsSeenByUs, responseSeenByUs } from './ours.ts'

export interface Fuzzed {
  readonly cases: number
  /** Messages that we took: a fuzzer whose cases are all refused tests nothing. */
  readonly accepted: number
}

/** Throws at the first case where the two see different messages. */
export function fuzz(seed: number, mayGoOn: (cases: number) => boolean): Fuzzed {
  const random = randomFrom(seed)
  let accepted = 0
  let cases = 0
  for (; mayGoOn(cases); cases += 2) {
    accepted += compareRequests(makeCase(requestSeeds, random))
    const method = random(4) === 0 ? 'HEAD' : 'GET'
    accepted += compareResponse(makeCase(responseSeeds, random), method)
  }
  return { cases, accepted }
}

/** What we accept llhttp accepts, with the same start, body and end; and what we send on is again that one request. */
export function compareRequests(bytes: Buffer): number {
  const ours = requestsSeenByUs(bytes)
  const unknown = ours.findIndex(({ method }) => !isKnownToNode(method))
  const known = unknown < 0 ? ours : ours.slice(0, unknown)
  const theirs = requestsSeenByNode(bytes).slice(0, known.length)
  expectSame('the same requests', bytes, known.map(pickMessage), theirs.map(inOriginForm))
  for (const { sent, start, body } of known) {
    expectSame('one request for the dyno', bytes, [{ start, body }], requestsSeenByNode(sent))
  }
  const inDrops = requestSeenInDrops(bytes)
  const first = ours[0]
  expectSame(
    'the same in drops',
    bytes,
    first ? [first.sent.toString('latin1')] : [],
    inDrops ? [inDrops.sent.toString('latin1')] : [],
  )
  return known.length
}

export function compareResponse(bytes: Buffer, method: string): number {
  const ours = responseSeenByUs(bytes, method)
  if (!ours) return 0
  const whole = bytes.subarray(0, bytes.length - (ours.left?.length ?? 0))
  const theirs = hasMergedLengths(whole) ? [pickMessage(ours)] : responsesSeenByNode(whole, method === 'HEAD')
  expectSame('the same response', bytes, [pickMessage(ours)], theirs)
  expectSame(
    'one response for the client',
    bytes,
    [pickMessage(ours)],
    responsesSeenByNode(ours.sent, method === 'HEAD'),
  )
  return 1
}

/** The one liberty that we take: of a dyno's equal lengths (and only of equal ones) one goes on, as HTTP allows and Heroku does. */
const hasMergedLengths = (bytes: Buffer): boolean =>
  (bytes.toString('latin1').match(/\r\ncontent-length[ \t]*:/gi)?.length ?? 0) > 1

const pickMessage = ({ start, body }: Message): Message => ({ start, body })

/** We send absolute targets on in origin form. */
function inOriginForm({ start, body }: Message): Message {
  const [method = '', target = ''] = start.split(' ')
  const path = target.replace(/^https?:\/\/[^/?#]+/i, '')
  return { start: `${method} ${path.startsWith('/') || path === '*' ? path : `/${path}`}`, body }
}

function expectSame(what: string, bytes: Buffer, ours: unknown, theirs: unknown): void {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)]
  if (a !== b) throw new Error(`not ${what}:\n${JSON.stringify(bytes.toString('latin1'))}\nours   ${a}\ntheirs ${b}`)
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const end = performance.now() + Number(values.seconds ?? 60) * 1000
  console.log(`seed ${seed}`)
  console.log(fuzz(seed, () => performance.now() < end))
}
