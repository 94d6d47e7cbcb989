/** What a search's words and quoted phrases leave between them: every second piece is one that was searched for. */
export function splitAtTerms(text: string, search: string): string[] {
  const terms = [...search.matchAll(/(-?)(?:"([^"]+)"?|(\S+))/g)].flatMap(([, minus, phrase, word]) =>
    minus ? [] : [phrase ?? word ?? ''],
  )
  if (terms.length === 0) return [text]
  const pattern = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return text.split(new RegExp(`(${pattern})`, 'gi'))
}
