/** One question of a DNS packet. */
export interface Question {
  /** Lower case, without a final dot. */
  readonly name: string
  readonly type: number
  /** The asker wants an answer of its own (RFC 6762, 5.4). */
  readonly wantsUnicast: boolean
}

export interface Query {
  readonly id: number
  readonly questions: readonly Question[]
}

export const recordTypes = { A: 1, AAAA: 28, NSEC: 47, ANY: 255 } as const

const headerBytes = 12
const maxQuestions = 32
const maxLabels = 32
const flagResponse = 0x8400
const classIn = 1
const cacheFlush = 0x8000
const ttlSeconds = 120

/** Null for what is no query, or is malformed: anybody on the network may send anything. */
export function parseQuery(packet: Buffer): Query | null {
  if (packet.length < headerBytes || (packet.readUInt16BE(2) & 0x8000) !== 0) return null
  const count = packet.readUInt16BE(4)
  if (count > maxQuestions) return null
  const questions: Question[] = []
  let at = headerBytes
  for (let index = 0; index < count; index++) {
    const read = readName(packet, at)
    if (!read || read.end + 4 > packet.length) return null
    const asked = packet.readUInt16BE(read.end + 2)
    questions.push({ name: read.name, type: packet.readUInt16BE(read.end), wantsUnicast: (asked & 0x8000) !== 0 })
    at = read.end + 4
  }
  return { id: packet.readUInt16BE(0), questions }
}

/** Follows compression backwards only, so that it ends. */
function readName(packet: Buffer, start: number): { name: string; end: number } | null {
  const labels: string[] = []
  let end: number | null = null
  let limit = start + 1
  for (let at = start; at < packet.length && labels.length <= maxLabels; ) {
    const length = packet[at] ?? 0
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 }
    if (length >= 0xc0) {
      if (at + 1 >= packet.length) return null
      const target = packet.readUInt16BE(at) & 0x3fff
      end ??= at + 2
      if (target >= limit - 1) return null
      limit = target + 1
      at = target
    } else {
      if (length > 63 || at + 1 + length > packet.length) return null
      labels.push(packet.toString('utf8', at + 1, at + 1 + length))
      at += 1 + length
    }
  }
  return null
}

export interface Answer {
  readonly name: string
  readonly address: string
}

/** Which types a name has; at least one, each below 256. */
export interface NamedTypes {
  readonly name: string
  readonly types: readonly number[]
}

/**
 * The addresses, and of each name which kinds it has at all, so that nobody waits for another kind (RFC 6762, 6.1). `asked`: for an asker
 * that is no multicast resolver, its own question comes first, and nothing is said of caches (6.7).
 */
export function renderAnswers(
  answers: readonly Answer[],
  names: readonly NamedTypes[],
  asked: Query | null = null,
): Buffer {
  const denials = names.map(({ name, types }) => renderRecord(name, recordTypes.NSEC, nextSecure(name, types), asked))
  const records = answers.map(({ address, name }) => {
    const data = addressBytes(address)
    return renderRecord(name, data.length === 4 ? recordTypes.A : recordTypes.AAAA, data, asked)
  })
  const [own, more] = records.length > 0 ? [records, denials] : [denials, []]
  const head = Buffer.alloc(headerBytes)
  head.writeUInt16BE(asked?.id ?? 0, 0)
  head.writeUInt16BE(flagResponse, 2)
  head.writeUInt16BE(asked?.questions.length ?? 0, 4)
  head.writeUInt16BE(own.length, 6)
  head.writeUInt16BE(more.length, 10)
  const questions = (asked?.questions ?? []).map(({ name, type }) =>
    Buffer.concat([renderName(name), numbers(type, classIn)]),
  )
  return Buffer.concat([head, ...questions, ...own, ...more])
}

function renderRecord(name: string, type: number, data: Buffer, asked: Query | null): Buffer {
  const recordClass = asked ? classIn : classIn | cacheFlush
  return Buffer.concat([renderName(name), numbers(type, recordClass, 0, asked ? 10 : ttlSeconds, data.length), data])
}

/** Itself as the next name, then one window with a bit for each type (RFC 4034, 4.1). */
function nextSecure(name: string, types: readonly number[]): Buffer {
  const bits = Buffer.alloc((Math.max(...types) >> 3) + 1)
  for (const type of types) bits[type >> 3] = (bits[type >> 3] ?? 0) | (0x80 >> (type & 7))
  return Buffer.concat([renderName(name), Buffer.from([0, bits.length]), bits])
}

function renderName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([Buffer.byteLength(label)]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2)
  return bytes
}

function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const missing = Array<string>(8 - groups(head).length - groups(tail).length).fill('0')
  const all = [...groups(head), ...missing, ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
