import { normalizeHostname } from '../../core/routing/route-request.ts'

/** What a client says before anything is encrypted, as far as the router needs it (RFC 8446, 4.1.2). */
export interface ClientHello {
  /** The host name that it wants (RFC 6066), in lower case and without a final dot; null if it named none. */
  readonly serverName: string | null
  /** The protocols that it offers to speak then (RFC 7301). */
  readonly protocols: readonly string[]
}

/** `more`: so far it is one, and not whole. `none`: it is no TLS, or not the beginning of it. */
export type HelloRead = ClientHello | 'more' | 'none'

const handshakeRecord = 22
const clientHello = 1
const serverNameExtension = 0
const protocolsExtension = 16
const recordHeaderBytes = 5
const messageHeaderBytes = 4
/** Clients use one or two; thousands of one byte each are only work. */
const maxRecords = 16

/** Reads the first bytes of a connection. Whoever gives them bounds their number. */
export function readClientHello(bytes: Buffer): HelloRead {
  const message = joinRecords(bytes)
  if (typeof message === 'string') return message
  try {
    return parseMessage(message)
  } catch (error) {
    if (error instanceof RangeError) return 'none'
    throw error
  }
}

/** The message may be spread over several records. */
function joinRecords(bytes: Buffer): Buffer | 'more' | 'none' {
  const pieces: Buffer[] = []
  let size = 0
  let wanted = Number.POSITIVE_INFINITY
  for (let at = 0; size < wanted; ) {
    if (pieces.length === maxRecords) return 'none'
    if (bytes.length > at && bytes[at] !== handshakeRecord) return 'none'
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'none'
    if (bytes.length < at + recordHeaderBytes) return 'more'
    const length = bytes.readUInt16BE(at + 3)
    if (length === 0) return 'none'
    const piece = bytes.subarray(at + recordHeaderBytes, at + recordHeaderBytes + length)
    pieces.push(piece)
    size += piece.length
    const message = pieces.length === 1 ? piece : Buffer.concat(pieces)
    if (message.length > 0 && message[0] !== clientHello) return 'none'
    if (message.length >= messageHeaderBytes) wanted = messageHeaderBytes + message.readUIntBE(1, 3)
    if (piece.length < length && size < wanted) return 'more'
    if (size >= wanted) return message.subarray(messageHeaderBytes, wanted)
    at += recordHeaderBytes + length
  }
  return 'more'
}

/** Every read beyond the end throws a RangeError. */
function parseMessage(message: Buffer): ClientHello {
  const reader = new Reader(message)
  reader.skip(2 + 32)
  reader.skip(reader.uint8())
  reader.skip(reader.uint16())
  reader.skip(reader.uint8())
  let serverName: string | null = null
  let protocols: string[] = []
  if (reader.isAtEnd) return { serverName, protocols }
  const extensions = new Reader(reader.take(reader.uint16()))
  while (!extensions.isAtEnd) {
    const type = extensions.uint16()
    const content = new Reader(extensions.take(extensions.uint16()))
    if (type === serverNameExtension) serverName = readServerName(content)
    else if (type === protocolsExtension) protocols = readProtocols(content)
  }
  return { serverName, protocols }
}

const hostName = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/

function readServerName(content: Reader): string | null {
  const list = new Reader(content.take(content.uint16()))
  while (!list.isAtEnd) {
    const type = list.uint8()
    const name = normalizeHostname(list.take(list.uint16()).toString('latin1'))
    if (type === 0) return hostName.test(name) ? name : ''
  }
  return null
}

function readProtocols(content: Reader): string[] {
  const list = new Reader(content.take(content.uint16()))
  const protocols: string[] = []
  while (!list.isAtEnd) protocols.push(list.take(list.uint8()).toString('latin1'))
  return protocols
}

class Reader {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }

  uint8(): number {
    return this.take(1).readUInt8(0)
  }

  uint16(): number {
    return this.take(2).readUInt16BE(0)
  }

  skip(length: number): void {
    this.take(length)
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError('The message ends early.')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
