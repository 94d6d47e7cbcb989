/** A word as a shell reads it back: any text without a zero byte. */
export function quoteWord(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A command line of these words; such as need no quotes stay as people write them. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+:,./-]+$/.test(word) ? word : quoteWord(word))).join(' ')
}
