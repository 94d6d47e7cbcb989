import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { WebglAddon } from '@xterm/addon-webgl'
import { type ITerminalOptions, Terminal } from '@xterm/xterm'
import { mono } from '../theme.ts'
import { type LinkFinder, linkTerminal, type OpenLink } from './terminal-links.ts'

export interface TerminalParts {
  terminal: Terminal
  fit: FitAddon
  search: SearchAddon
  /** Shows it in an element, once. */
  open: (element: HTMLElement) => void
}

export function createTerminal(
  options: ITerminalOptions,
  openLink: OpenLink,
  finders: readonly LinkFinder[] = [],
): TerminalParts {
  const terminal = new Terminal({
    fontFamily: mono,
    fontSize: 12,
    lineHeight: 1.25,
    scrollback: 10_000,
    // The palette carries contrast already; this catches what programs choose themselves.
    minimumContrastRatio: 4.5,
    allowProposedApi: true,
    overviewRuler: { width: 10 },
    cursorStyle: 'bar',
    cursorInactiveStyle: 'none',
    ...options,
  })
  // xterm keeps keys for the program. Where none reads, Tab must lead on and shortcuts must work; scrolling stays.
  if (options.disableStdin) terminal.attachCustomKeyEventHandler(({ key }) => /^(Page|Home|End|Arrow)/.test(key))
  const fit = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  linkTerminal(terminal, openLink, finders)
  const open = (element: HTMLElement) => {
    terminal.open(element)
    drawWithGraphicsCard(terminal)
  }
  return { terminal, fit, search, open }
}

/** Chromium keeps about sixteen contexts a page and silently drops the oldest. */
const mostContexts = 8
let contexts = 0

/**
 * Draws with the graphics card where there is one. A software rasteriser is ten times slower than the DOM, so there,
 * and whenever a context can't be had or is lost, xterm's own DOM renderer stays.
 */
function drawWithGraphicsCard(terminal: Terminal): void {
  if (contexts >= mostContexts || !hasGraphicsCard()) return
  try {
    const addon = new WebglAddon()
    addon.onContextLoss(() => addon.dispose())
    terminal.loadAddon(addon)
    contexts++
    const dispose = addon.dispose.bind(addon)
    let isDisposed = false
    addon.dispose = () => {
      if (!isDisposed) contexts--
      isDisposed = true
      dispose()
    }
  } catch {
    // No context to be had: the DOM renderer is in place already.
  }
}

let answer: boolean | undefined

function hasGraphicsCard(): boolean {
  answer ??= !/swiftshader|llvmpipe|software|basic render/i.test(readRendererName() ?? 'software')
  return answer
}

function readRendererName(): string | null {
  const context = document.createElement('canvas').getContext('webgl2')
  const debug = context?.getExtension('WEBGL_debug_renderer_info')
  const name = context && debug ? String(context.getParameter(debug.UNMASKED_RENDERER_WEBGL)) : null
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return name
}
