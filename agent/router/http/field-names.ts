const lowerCase = 0x20

/** Some names of fields, found in a head's text without cutting out every name that isn't one of them. */
export class FieldNames {
  private readonly byLength: string[][] = []

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.byLength[name.length] ??= []
      this.byLength[name.length]?.push(name)
    }
  }

  /** The name from `start` to `end` in lower case if it is one of these, spelled with `_` for `-` or not; else null. */
  find(text: string, start: number, end: number): string | null {
    const candidates = this.byLength[end - start]
    if (candidates === undefined) return null
    const first = text.charCodeAt(start) | lowerCase
    for (const candidate of candidates) {
      if (candidate.charCodeAt(0) === first && isSame(candidate, text, start)) return candidate
    }
    return null
  }
}

function isSame(name: string, text: string, start: number): boolean {
  for (let at = 1; at < name.length; at++) {
    const wanted = name.charCodeAt(at)
    const found = text.charCodeAt(start + at)
    if (found === wanted || (found | lowerCase) === wanted) continue
    if (wanted === HYPHEN && found === UNDERSCORE) continue
    return false
  }
  return true
}

const HYPHEN = 0x2d
const UNDERSCORE = 0x5f
