const maxTexts = 1000
const maxLength = 100

/** Remembers what was made of texts that come again and again. A flood of others only makes it begin anew. */
export class RecentTexts {
  private readonly known = new Map<string, string>()
  private readonly make: (text: string) => string

  /** What throws is not remembered. */
  constructor(make: (text: string) => string) {
    this.make = make
  }

  of(text: string): string {
    const known = this.known.get(text)
    if (known !== undefined) return known
    const made = this.make(text)
    if (text.length > maxLength) return made
    if (this.known.size >= maxTexts) this.known.clear()
    // A text cut from a request would keep the whole request in memory.
    this.known.set(Buffer.from(text, 'latin1').toString('latin1'), made)
    return made
  }
}
