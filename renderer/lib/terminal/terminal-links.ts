import type { ILink, ILinkProvider, Terminal } from '@xterm/xterm'

export type OpenLink = (url: string) => void

/** Web links only: another scheme could start any program, and anybody who is heard by the app can write into its log. */
const webLink = /https?:\/\/[^\s"'`<>\\^{|}]+/g
/** What follows a link in a sentence is not part of it. */
const trailing = /[.,:;!?)\]]+$/

export interface FoundLink {
  readonly url: string
  readonly start: number
  /** After its last character. */
  readonly end: number
}

export function findLinks(text: string): FoundLink[] {
  return [...text.matchAll(webLink)].flatMap(({ 0: match, index }) => {
    const url = trimEnd(match)
    return URL.canParse(url) ? [{ url, start: index, end: index + url.length }] : []
  })
}

/** A bracket at the end stays when the link opened one: `/wiki/Hearth_(disambiguation)`. */
function trimEnd(match: string): string {
  const url = match.replace(trailing, '')
  const isOpen = url.split('(').length > url.split(')').length
  return isOpen && match[url.length] === ')' ? `${url})` : url
}

/** Something in a terminal's text that a click opens. */
export interface LinkFinder {
  find(text: string): FoundLink[]
  open(url: string): void
  /** What shows over it. */
  describe(url: string): string
}

/** Makes web links in a terminal clickable, those that a program marked itself (OSC 8) too, and what others find. */
export function linkTerminal(terminal: Terminal, open: OpenLink, others: readonly LinkFinder[] = []): void {
  const web: LinkFinder = { find: findLinks, open, describe: (url) => url }
  const leave = () => terminal.element?.removeAttribute('title')
  const show = (text: string) => terminal.element?.setAttribute('title', text)
  terminal.options.linkHandler = {
    activate: (_, url) => {
      if (/^https?:\/\//i.test(url)) open(url)
    },
    hover: (_, url) => show(url),
    leave,
  }
  for (const finder of [web, ...others]) {
    const provider: ILinkProvider = {
      provideLinks(line, callback) {
        const { text, cells } = readWrapped(terminal, line - 1)
        const links = finder.find(text).flatMap(({ url, start, end }): ILink[] => {
          const [from, to] = [cells[start], cells[end - 1]]
          if (!from || !to) return []
          const acts = { activate: () => finder.open(url), hover: () => show(finder.describe(url)), leave }
          return [{ text: url, range: { start: from, end: to }, ...acts }]
        })
        callback(links.filter(({ range }) => range.start.y <= line && line <= range.end.y))
      },
    }
    terminal.registerLinkProvider(provider)
  }
}

/** A line that goes over several rows as one text, and of each of its characters the cell, counted from one. */
function readWrapped(terminal: Terminal, row: number): { text: string; cells: { x: number; y: number }[] } {
  const buffer = terminal.buffer.active
  let first = row
  while (first > 0 && buffer.getLine(first)?.isWrapped) first--
  let text = ''
  const cells: { x: number; y: number }[] = []
  for (let at = first; at === first || buffer.getLine(at)?.isWrapped; at++) {
    const line = buffer.getLine(at)
    if (!line) break
    for (let column = 0; column < line.length; column++) {
      // A wide character has an empty cell after it.
      const characters = line.getCell(column)?.getWidth() === 0 ? '' : line.getCell(column)?.getChars() || ' '
      text += characters
      for (let unit = 0; unit < characters.length; unit++) cells.push({ x: column + 1, y: at + 1 })
    }
  }
  return { text, cells }
}
