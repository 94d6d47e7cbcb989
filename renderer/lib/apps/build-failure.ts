import { withoutColours } from '../log/log-line.ts'

/** How compilers, package managers and shells say that something is wrong; names of files and `0 errors` do not count. */
const failure =
  /(?<![\w./-])(error|fatal|ERR!|panic|failed|cannot find|not found|no such file)(?![\w/-])|\b\w*(Error|Exception)\b(?=[:\s]|$)/i
const harmless = /\b(0|no) (errors?|failed|failures)\b|npm (warn|notice)/i

/**
 * Where in a failed build's output its cause is said: the first line of its last step that speaks of an error, else the
 * first line of the last block that a buildpack or Hearth marks with ` !`. Null when nothing is to be pointed at.
 */
export function findFailure(lines: readonly string[]): number | null {
  const plain = lines.map((line) => withoutColours(line).trimEnd())
  const step = plain.findLastIndex((line) => line.startsWith('-----> '))
  const inStep = plain.findIndex(
    (line, at) => at > step && !isComplaint(line) && failure.test(line) && !harmless.test(line),
  )
  if (inStep >= 0) return inStep
  const last = plain.findLastIndex(isComplaint)
  if (last < 0) return null
  let first = last
  while (first > 0 && isComplaint(plain[first - 1] ?? '')) first--
  return first
}

/** A line with text; ` !` alone is the space around it. */
const isComplaint = (line: string) => /^ !\s+\S/.test(line)
