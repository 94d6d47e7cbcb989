/** A word as a POSIX shell reads it back unchanged. SSH hands a command to the login shell as one string. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('A command word cannot hold a zero byte.')
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ')
}
