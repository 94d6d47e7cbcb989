/** The agent's rule for an app's name, checked while typing; the agent decides. */
export function explainAppName(name: string): string | null {
  if (name.length < 3 || name.length > 30) return 'Use 3 to 30 characters.'
  if (!/^[a-z]/.test(name)) return 'Start with a lower-case letter.'
  if (!/^[a-z0-9-]+$/.test(name)) return 'Use lower-case letters, digits and dashes.'
  if (name.endsWith('-')) return 'End with a letter or a digit.'
  return null
}

/** `hello`, or `hello-2` where that is taken. */
export function freeAppName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  for (let number = 2; ; number++) {
    const name = `${wanted.slice(0, 26)}-${number}`
    if (!taken.includes(name)) return name
  }
}
