/** The text of a build on its way to the user: remembers the last thing that a buildpack complained about. */
export class BuildOutput {
  readonly #write: (text: string) => void
  readonly #decoder = new TextDecoder()
  #partial = ''
  #isInComplaint = false
  #complaint: string | null = null

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** The first line of the last block of ` !     ` lines, where buildpacks say what went wrong. */
  get complaint(): string | null {
    return this.#complaint
  }

  /** Bytes as they come from a sandbox; characters may be cut between two calls. */
  readonly bytes = (chunk: Uint8Array): void => this.text(this.#decoder.decode(chunk, { stream: true }))

  readonly text = (text: string): void => {
    if (text === '') return
    this.#write(text)
    const lines = (this.#partial + text).split('\n')
    this.#partial = (lines.pop() ?? '').slice(-2000)
    for (const line of lines) this.#readLine(line)
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

  #readLine(line: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    const plain = line.replace(/\u001b\[[\d;]*m/g, '').trimEnd()
    const [, text] = /^ !\s*(.*)$/.exec(plain) ?? []
    if (text === undefined) this.#isInComplaint = false
    else if (text !== '') {
      if (!this.#isInComplaint) this.#complaint = text.slice(0, 500)
      this.#isInComplaint = true
    }
  }
}
