import { limits } from '../limits.ts'
import type { BodyReader } from './body.ts'
import { fieldLines, Malformed } from './header-block.ts'

const CR = 0x0d
const LF = 0x0a
const SEMICOLON = 0x3b
/** 52 bits: all that a number holds exactly. */
const maxSizeDigits = 13
const maxExtensionBytes = 256
const extensions =
  /^(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"[\t !#-[\]-~\x80-\xff]*"))?)*$/

type State =
  | 'size'
  | 'extension'
  | 'size-cr'
  | 'size-lf'
  | 'content'
  | 'content-cr'
  | 'content-lf'
  | 'trailers'
  | 'done'

/**
 * Follows chunk framing strictly while the bytes pass. They pass as they came, but without chunk extensions (which servers are
 * known to end at different places) and without trailers that would change what the head said.
 */
export class ChunkedBody implements BodyReader {
  contentBytes = 0
  private readonly contentOnly: boolean
  private state: State = 'size'
  private size = 0
  private digits = 0
  private extension = ''
  trailers = ''
  /** What is there of the trailers while they are not whole. */
  private pending = ''

  constructor(contentOnly: boolean) {
    this.contentOnly = contentOnly
  }

  get isDone(): boolean {
    return this.state === 'done'
  }

  read(input: Buffer, start: number, pieces: Buffer[]): number {
    let at = start
    let kept = -1
    while (at < input.length && this.state !== 'done') {
      if (this.isPassedOn()) {
        if (kept < 0) kept = at
      } else if (kept >= 0) {
        pieces.push(input.subarray(kept, at))
        kept = -1
      }
      at = this.step(input, at, pieces)
    }
    if (kept >= 0) pieces.push(input.subarray(kept, at))
    return at
  }

  private isPassedOn(): boolean {
    if (this.state === 'content') return true
    return !this.contentOnly && this.state !== 'extension' && this.state !== 'trailers'
  }

  /** Takes what comes next, or changes the state without taking anything; returns where to go on. */
  private step(input: Buffer, at: number, pieces: Buffer[]): number {
    const byte = input[at] as number
    switch (this.state) {
      case 'size':
        return this.takeSizeByte(byte) ? at + 1 : at
      case 'extension':
        return this.takeExtensionByte(byte) ? at + 1 : at
      case 'size-cr':
        return this.expect(byte, CR, 'size-lf', at)
      case 'size-lf':
        return this.expect(byte, LF, this.size === 0 ? 'trailers' : 'content', at)
      case 'content':
        return this.takeContent(Math.min(this.size, input.length - at), at)
      case 'content-cr':
        return this.expect(byte, CR, 'content-lf', at)
      case 'content-lf':
        this.digits = 0
        return this.expect(byte, LF, 'size', at)
      case 'trailers':
        return this.takeTrailers(input, at, pieces)
      case 'done':
        return at
    }
  }

  private expect(byte: number, wanted: number, next: State, at: number): number {
    if (byte !== wanted) throw new Malformed('bad chunk')
    this.state = next
    return at + 1
  }

  private takeContent(size: number, at: number): number {
    this.contentBytes += size
    this.size -= size
    if (this.size === 0) this.state = 'content-cr'
    return at + size
  }

  private takeSizeByte(byte: number): boolean {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      if (++this.digits > maxSizeDigits) throw new Malformed('bad chunk size')
      this.size = this.size * 16 + digit
      return true
    }
    if (this.digits === 0 || (byte !== CR && byte !== SEMICOLON)) throw new Malformed('bad chunk size')
    this.state = byte === CR ? 'size-cr' : 'extension'
    this.extension = ''
    return false
  }

  private takeExtensionByte(byte: number): boolean {
    if (byte !== CR) {
      this.extension += String.fromCharCode(byte)
      if (byte === LF || this.extension.length > maxExtensionBytes) throw new Malformed('bad chunk extension')
      return true
    }
    if (!extensions.test(this.extension)) throw new Malformed('bad chunk extension')
    this.state = 'size-cr'
    return false
  }

  private takeTrailers(input: Buffer, start: number, pieces: Buffer[]): number {
    const before = this.pending.length
    const text = this.pending + input.toString('latin1', start, start + limits.trailerBytes + 4)
    const end = endOfTrailers(text, before)
    if (end < 0) {
      if (text.length > limits.trailerBytes || isForbidden(text, before)) throw new Malformed('bad trailers')
      this.pending = text
      return input.length
    }
    this.state = 'done'
    const trailers = filterTrailers(text.slice(0, end))
    if (this.contentOnly) this.trailers = trailers
    else pieces.push(Buffer.from(trailers, 'latin1'))
    return start + end - before
  }
}

// Fields that route or authenticate a message have no place behind it (RFC 9110, 6.5.1); one that frames it is an attack.
// Bare line ends and control characters: such trailers would never end well, so they are not waited for.
const forbidden = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/g
const wellFormed = new RegExp(`^${fieldLines}$`)
const framing = /^(?:content-length|transfer-encoding)$/
const notInTrailers =
  /^(?:host|content-.*|connection|keep-alive|te|trailer|upgrade|http2-settings|authorization|proxy-.*|cookie|set-cookie|via|x[-_](?:forwarded|request)[-_].*)$/

function filterTrailers(text: string): string {
  if (text === '\r\n') return text
  if (!wellFormed.test(text)) throw new Malformed('bad trailers')
  const kept = text.split('\r\n').filter((line) => {
    const name = line.slice(0, line.indexOf(':')).toLowerCase()
    if (framing.test(name)) throw new Malformed('bad trailers')
    return line === '' || !notInTrailers.test(name)
  })
  return kept.join('\r\n')
}

/** Of what came before `from` only the last character is still open. */
function isForbidden(text: string, from: number): boolean {
  forbidden.lastIndex = Math.max(0, from - 1)
  return forbidden.test(text.endsWith('\r') ? text.slice(0, -1) : text)
}

function endOfTrailers(text: string, from: number): number {
  if (text.startsWith('\r\n')) return 2
  const end = text.indexOf('\r\n\r\n', Math.max(0, from - 3))
  return end < 0 ? -1 : end + 4
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
