const reset = '\u001b[0m'
const dim = '\u001b[90m'
/** Dynos keep their colour for as long as they keep their name. */
const palette = ['\u001b[36m', '\u001b[35m', '\u001b[34m', '\u001b[32m', '\u001b[96m', '\u001b[95m', '\u001b[94m']
const platform = '\u001b[33m'

function colourOf(source: string): string {
  let sum = 0
  for (let at = 0; at < source.length; at++) sum = (sum * 31 + source.charCodeAt(at)) >>> 0
  return palette[sum % palette.length] ?? reset
}

const colours = new Map<string, string>()

/**
 * One line of the merged log for the pane: `2026-11-21T03:45:12.123456+00:00 app[web.1]: text` with a short local
 * time, its source in a colour of its own, and the text as it was written. Runs 50,000 times a second: no expressions
 * over the whole line.
 */
export function colourLogLine(line: string): string {
  const space = line.indexOf(' ')
  const colon = line.indexOf(']:', space)
  const open = line.indexOf('[', space)
  if (space < 20 || open < 0 || colon < open || line.charCodeAt(4) !== 45) return line
  const source = line.slice(space + 1, open)
  const process = line.slice(open + 1, colon)
  const text = line.slice(colon + 3)
  const isPlatform = source === 'heroku' || process === 'api'
  const tag = isPlatform ? `${source}[${process}]` : process
  let colour = colours.get(tag)
  if (colour === undefined) {
    colour = isPlatform ? platform : colourOf(process)
    if (colours.size < 1000) colours.set(tag, colour)
  }
  const shown = process === 'router' ? colourStatus(text) : text
  return `${dim}${formatTime(line, space)}${reset} ${colour}${tag}${reset} ${shown}${reset}`
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

/** A router's line: the status is what the eye looks for. */
function colourStatus(text: string): string {
  const at = text.indexOf(' status=')
  if (at < 0) return text
  const digit = text.charCodeAt(at + 8) - 48
  const colour = digit >= 5 ? '\u001b[1;31m' : digit === 4 ? '\u001b[33m' : '\u001b[32m'
  return `${text.slice(0, at + 1)}${colour}${text.slice(at + 1, at + 11)}${reset}${text.slice(at + 11)}`
}
