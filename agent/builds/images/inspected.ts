/** What a program printed as JSON; null when it printed nothing, or something else: the schema that it is read by tells them apart. */
export function parseInspected(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** The variables that an image sets, from `NAME=value`. */
export const splitAssignments = (assignments: readonly string[]): [string, string][] =>
  assignments.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])
