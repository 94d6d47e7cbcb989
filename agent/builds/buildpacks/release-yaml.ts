/**
 * Default process types from what bin/release printed. It is YAML, of which buildpacks use this much:
 *
 *     ---
 *     addons: []
 *     default_process_types:
 *       web: npm start
 *       worker: "node worker.js"
 *
 * JSON is YAML too, and some print that.
 */
export function parseReleaseYaml(text: string): Record<string, string> {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) return parseJson(trimmed)
  const types: Record<string, string> = {}
  let isInside = false
  for (const line of trimmed.split(/\r?\n/)) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const inline = /^default_process_types\s*:\s*(\{.*\})\s*$/.exec(line)
    if (inline?.[1]) return parseJson(`{"default_process_types": ${inline[1]}}`)
    if (/^\S/.test(line)) {
      isInside = /^default_process_types\s*:/.test(line)
      continue
    }
    const [, name, value] = /^\s+"?([-\w]+)"?\s*:\s*(.*?)\s*$/.exec(line) ?? []
    if (isInside && name && value) types[name] = parseReleaseValue(value)
  }
  return types
}

/** A scalar as buildpacks write it, with or without quotes. */
export function parseReleaseValue(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'")
  if (!/^".*"$/.test(value)) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value.slice(1, -1)
  }
}

function parseJson(text: string): Record<string, string> {
  try {
    const value = JSON.parse(text) as { default_process_types?: Record<string, unknown> }
    const entries = Object.entries(value.default_process_types ?? {})
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return {}
  }
}
