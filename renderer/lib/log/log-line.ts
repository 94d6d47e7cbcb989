const reset = '\u001b[0m'
const dim = '\u001b[90m'
/** Dynos keep their colour for as long as they keep their name. */
const palette = ['\u001b[36m', '\u001b[35m', '\u001b[34m', '\u001b[32m', '\u001b[96m', '\u001b[95m', '\u001b[94m']
const platform = '\u001b[33m'

const colourOf = (process: string): string => palette[placeInPalette(process)] ?? reset

function placeInPalette(process: string): number {
  let sum = 0
  for (let at = 0; at < process.length; at++) sum = (sum * 31 + process.charCodeAt(at)) >>> 0
  return sum % palette.length
}

/** The same colours on a page, as far as it has them. */
const tones = [6, 5, 1, 3, 8, 7, 1].map((place) => `var(--h-series-${place})`)

export function toneOf({ source, process }: Pick<LogLineParts, 'source' | 'process'>): string {
  return (isPlatform(source, process) ? 'var(--h-warn)' : tones[placeInPalette(process)]) ?? 'inherit'
}

const colours = new Map<string, string>()

export interface LogLineParts {
  /** Local, `03:45:12.123`. */
  time: string
  source: string
  process: string
  /** As it was written, its own colours included. */
  text: string
}

/** `2026-11-21T03:45:12.123456+00:00 app[web.1]: text` taken apart; null for what is not a line of the merged log. */
export function splitLogLine(line: string): LogLineParts | null {
  const space = line.indexOf(' ')
  const colon = line.indexOf(']:', space)
  const open = line.indexOf('[', space)
  if (space < 20 || open < 0 || colon < open || line.charCodeAt(4) !== 45) return null
  return {
    time: formatTime(line, space),
    source: line.slice(space + 1, open),
    process: line.slice(open + 1, colon),
    text: line.slice(colon + 3),
  }
}

/** The platform's own lines say who speaks; an app's name its process alone. */
export function tagOf({ source, process }: LogLineParts): string {
  return isPlatform(source, process) ? `${source}[${process}]` : process
}

const isPlatform = (source: string, process: string) => source === 'heroku' || process === 'api'

/**
 * One line of the merged log for the pane: a short local time, its source in a colour of its own, and the
 * text as it was written. Runs 50,000 times a second: no expressions
 * over the whole line.
 */
export function colourLogLine(line: string): string {
  const parts = splitLogLine(line)
  if (!parts) return line
  const { time, source, process, text } = parts
  const tag = tagOf(parts)
  let colour = colours.get(tag)
  if (colour === undefined) {
    colour = isPlatform(source, process) ? platform : colourOf(process)
    if (colours.size < 1000) colours.set(tag, colour)
  }
  const shown = process === 'router' ? colourStatus(markCode(text)) : text
  // Each sequence costs xterm as much as a word: none that changes nothing.
  const end = text.includes('\u001b') ? reset : ''
  return `${dim}${time} ${colour}${tag}${reset} ${shown}${end}`
}

let lastSecond = ''
let lastSecondText = ''

/** Lines come in bursts of the same second: the local time is worked out once for each. */
function formatTime(line: string, space: number): string {
  const second = line.slice(0, 19)
  if (second !== lastSecond) {
    const zone = line.slice(line.indexOf('+', 19) > 0 ? line.indexOf('+', 19) : space, space)
    const at = new Date(`${second}${zone || 'Z'}`)
    lastSecond = second
    lastSecondText = Number.isNaN(at.getTime()) ? second : at.toTimeString().slice(0, 8)
  }
  const millis = line.charCodeAt(19) === 46 ? line.slice(19, 23) : ''
  return lastSecondText + millis
}

/** `at=error code=H12 ...`: underlined, since a click says what it means. */
function markCode(text: string): string {
  if (text.startsWith('at=info')) return text
  const at = text.indexOf('code=H')
  return at < 0 ? text : `${text.slice(0, at + 5)}\u001b[4m${text.slice(at + 5, at + 8)}\u001b[24m${text.slice(at + 8)}`
}

/** A router's line: the status is what the eye looks for. */
function colourStatus(text: string): string {
  const at = text.indexOf(' status=')
  if (at < 0) return text
  const digit = text.charCodeAt(at + 8) - 48
  const colour = digit >= 5 ? '\u001b[1;31m' : digit === 4 ? '\u001b[33m' : '\u001b[32m'
  return `${text.slice(0, at + 1)}${colour}${text.slice(at + 1, at + 11)}${reset}${text.slice(at + 11)}`
}

/** For where there is no terminal to understand them: `ESC [ 31 m` and its like. */
export function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
}
