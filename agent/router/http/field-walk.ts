import { limits } from '../limits.ts'
import type { FieldNames } from './field-names.ts'
import { isBlank, Malformed, trimmed } from './header-block.ts'

/**
 * Goes through a head's field lines and stops at those that somebody has to look at. All others go on to the other side in
 * canonical form (`Name: value`), as slices of the text: nearly always one slice for nearly all of them.
 *
 *     walk.begin(text, { passedFrom: 0, start }, names, limits.requestHeaderLineBytes)
 *     while (walk.next()) switch (walk.name) { case 'accept': accept = walk.value; walk.keep() ... }
 *     walk.passed
 */
export class FieldWalk {
  /** Of the field at hand, as `names` spells it. */
  name = ''
  /** After the last field: what goes on, each line with its end. */
  passed = ''
  private text = ''
  private names: FieldNames | null = null
  private maxLineBytes = 0
  private count = 0
  /** Where the lines begin that go on and were not taken over to `passed` yet. */
  private runStart = 0
  private lineStart = 0
  private colon = 0
  private lineEnd = 0
  private isDropped = false

  /** The lines from `start` on must match `fieldLines`. What stands between `passedFrom` and them goes on too. */
  begin(
    text: string,
    { passedFrom, start }: { passedFrom: number; start: number },
    names: FieldNames,
    maxLineBytes: number,
  ): void {
    this.text = text
    this.names = names
    this.maxLineBytes = maxLineBytes
    this.passed = ''
    this.count = 0
    this.runStart = passedFrom
    this.lineEnd = start - 2
    this.isDropped = false
  }

  /** Moves to the next field of `names`, which is dropped unless `keep` is called; false when there is none. */
  next(): boolean {
    const { text, names } = this
    if (this.isDropped) this.drop()
    for (;;) {
      const start = this.lineEnd + 2
      const end = text.indexOf('\r\n', start)
      if (end === start) {
        this.takeOver(start)
        return false
      }
      const colon = text.indexOf(':', start)
      this.check(colon - start, end - start)
      this.lineStart = start
      this.colon = colon
      this.lineEnd = end
      const name = names?.find(text, start, colon) ?? null
      if (name !== null) {
        this.name = name
        this.isDropped = true
        // A look-alike with underscores is the same to apps that read fields the CGI way: it goes nowhere.
        if (!this.hasUnderscores) return true
        this.drop()
      } else if (!this.isCanonical) {
        this.keep()
      }
    }
  }

  /** The value of the field at hand, without the blanks around it. */
  get value(): string {
    return trimmed(this.text, this.colon + 1, this.lineEnd)
  }

  get hasTab(): boolean {
    const at = this.text.indexOf('\t', this.colon)
    return at >= 0 && at < this.lineEnd
  }

  /** The field at hand goes on to the other side. */
  keep(): void {
    this.isDropped = false
    if (this.isCanonical) return
    const name = this.text.slice(this.lineStart, this.colon)
    const line = `${name}: ${this.value}\r\n`
    this.drop()
    this.passed += line
  }

  private drop(): void {
    this.isDropped = false
    this.takeOver(this.lineStart)
    this.runStart = this.lineEnd + 2
  }

  private takeOver(end: number): void {
    const run = this.text.slice(this.runStart, end)
    this.passed = this.passed === '' ? run : this.passed + run
  }

  private check(nameBytes: number, lineBytes: number): void {
    if (++this.count > limits.headerCount) throw new Malformed('too many headers')
    if (lineBytes > this.maxLineBytes) throw new Malformed('header line too long')
    if (nameBytes > limits.headerNameBytes) throw new Malformed('header name too long')
  }

  private get hasUnderscores(): boolean {
    const at = this.text.indexOf('_', this.lineStart)
    return at >= 0 && at < this.colon
  }

  /** `: `, and no blanks around the value otherwise. */
  private get isCanonical(): boolean {
    const { text, colon, lineEnd } = this
    return (
      text.charCodeAt(colon + 1) === SPACE &&
      colon + 2 < lineEnd &&
      !isBlank(text.charCodeAt(colon + 2)) &&
      !isBlank(text.charCodeAt(lineEnd - 1))
    )
  }
}

const SPACE = 0x20

// `Connection: Host` must not make us strip what the message means or what frames it.
const protectedNames = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'cookie',
  'set-cookie',
  'authorization',
  'date',
  'location',
])
const understoodNames = new Set(['close', 'keep-alive', 'upgrade', 'te', 'http2-settings', ''])

/** `lines` without those that the Connection field declares hop-by-hop. */
export function withoutNominated(lines: string, nominated: readonly string[]): string {
  const names = new Set(nominated.filter((name) => !understoodNames.has(name) && !protectedNames.has(name)))
  if (names.size === 0) return lines
  const kept = lines.split('\r\n').filter((line) => !names.has(line.slice(0, line.indexOf(':')).toLowerCase()))
  return kept.join('\r\n')
}

/**
 * What Connection says in all its fields. They are read as one and may be no longer than one: a megabyte of options would have to be
 * compared with all other fields. Throws `Malformed`.
 */
export function joinOptions(before: string | null, value: string): string {
  const joined = before === null ? value : `${before},${value}`
  if (joined.length > limits.requestHeaderLineBytes) throw new Malformed('header line too long')
  return joined
}

export const listOf = (value: string): string[] =>
  value
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
