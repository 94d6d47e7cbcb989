import { countUnfinished, toHarmlessText, toPlainLine } from '../core/logs/plain-text.ts'

/** Characters of a line that are looked at. */
const maximumLine = 2000
/** Characters of what is repeated as the build's message. */
const maximumComplaint = 500
/** Enough to find why a program failed. */
const tailLength = 8192

/** The text of a build on its way to the user: remembers the last thing that a buildpack complained about. */
export class BuildOutput {
  readonly #write: (text: string) => void
  readonly #decoder = new TextDecoder()
  #partial = ''
  #held = ''
  #tail = ''
  #isInComplaint = false
  #complaint: string | null = null

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** The first line of the last block of ` !     ` lines, where buildpacks say what went wrong. */
  get complaint(): string | null {
    return this.#complaint
  }

  /** The end of what was said so far. */
  get tail(): string {
    return this.#tail
  }

  /** Bytes as they come from a sandbox; characters may be cut between two calls. */
  readonly bytes = (chunk: Uint8Array): void => {
    const text = this.#held + this.#decoder.decode(chunk, { stream: true })
    const whole = text.length - countUnfinished(text)
    this.#held = text.slice(whole)
    const harmless = toHarmlessText(text.slice(0, whole))
    this.#say(harmless)
    this.#listen(harmless)
  }

  /** What Hearth itself says: it has its own words for what ends a build. */
  readonly text = (text: string): void => {
    this.#isInComplaint = false
    this.#say(text)
  }

  /** `-----> Building on the debian-12 stack` */
  header(text: string): void {
    this.text(`-----> ${text}\n`)
  }

  detail(text: string): void {
    for (const line of text.split('\n')) this.text(`       ${line}\n`)
  }

  /** ` !     Something is wrong` */
  complain(text: string): void {
    for (const line of text.split('\n')) this.text(` !     ${line}\n`)
  }

  #say(text: string): void {
    if (text === '') return
    this.#write(text)
    this.#tail = (this.#tail + text.slice(-tailLength)).slice(-tailLength)
  }

  #listen(text: string): void {
    const all = this.#partial + text
    this.#partial = all.slice(all.lastIndexOf('\n') + 1).slice(0, maximumLine)
    // Most of what is printed holds no complaint, and a flood of it must cost next to nothing.
    if (!all.includes('!')) this.#isInComplaint &&= !all.includes('\n')
    else for (const line of all.split('\n').slice(0, -1)) this.#readLine(line)
  }

  #readLine(line: string): void {
    const plain = line.includes(' !') ? toPlainLine(line.slice(0, maximumLine), maximumComplaint) : ''
    const [, text] = /^ !\s*(.*)$/.exec(plain) ?? []
    if (text === undefined) this.#isInComplaint = false
    else if (text !== '') {
      if (!this.#isInComplaint) this.#complaint = text
      this.#isInComplaint = true
    }
  }
}
