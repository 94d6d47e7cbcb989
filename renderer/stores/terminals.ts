import { create } from 'zustand'
import type { BridgeStream, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import type { Target } from '../lib/apps/target.ts'
import { asEnvelope } from '../lib/error.ts'
import { pumpBytes } from '../lib/terminal/byte-pump.ts'
import { loadTerminal } from '../lib/terminal/load-terminal.ts'
import { renderMark, timeOf } from '../lib/terminal/stream-mark.ts'
import type { TerminalParts } from '../lib/terminal/terminal.ts'
import { bridge } from './bridge.ts'
import { openLink } from './links.ts'

/** What is at the other end: a dyno of an app, or a shell of this computer for the heroku client and git. */
export type TerminalPlace =
  /** A one-off dyno of its own, or a command inside the dyno of that name. */
  | { kind: 'dyno'; target: Target; command: string; size: string | null; inside: string | null }
  | { kind: 'shell'; serverId: string; app: string | null }

/** What a tab is called: its command, and where that runs. */
export function titleOf({ place }: Pick<TerminalTab, 'place'>): string {
  if (place.kind === 'shell') return place.app ?? 'heroku and git'
  return place.inside === null ? place.command : `${place.inside}: ${place.command}`
}

/** A terminal lives on while the user looks at other screens, and ends when its tab is closed. */
export interface TerminalTab {
  id: string
  place: TerminalPlace
  /** xterm's element, moved into the screen that shows it. */
  element: HTMLDivElement
  parts: TerminalParts
  /** The pane of its screen that it was opened in; where that is gone, the first one for terminals has it. */
  paneId: string | null
  state: { state: 'running' } | { state: 'ended'; exitCode: number } | { state: 'failed'; error: ErrorEnvelope }
}

export const useTerminals = create<{ tabs: TerminalTab[] }>(() => ({ tabs: [] }))

/** What a tab is connected to now; another one each time that it is started. */
interface Session {
  terminalId: string
  stream: BridgeStream<{ exitCode: number }>
}
const sessions = new Map<string, Session>()

export async function openTerminalTab(place: TerminalPlace, paneId: string | null = null): Promise<TerminalTab> {
  const { createTerminal } = await loadTerminal()
  const id = crypto.randomUUID()
  const parts = createTerminal({ cursorBlink: true }, openLink)
  const element = document.createElement('div')
  element.style.height = '100%'
  const tab: TerminalTab = { id, place, element, parts, paneId, state: { state: 'running' } }
  useTerminals.setState(({ tabs }) => ({ tabs: [...tabs, tab] }))
  forwardInput(tab)
  connectWhenShown(tab)
  return tab
}

/** Those of the tabs that a pane shows, of a row whose panes for terminals are these. */
export function tabsOfPane(
  tabs: readonly TerminalTab[],
  paneId: string,
  terminalPanes: readonly string[],
): TerminalTab[] {
  const homeOf = (tab: TerminalTab) =>
    tab.paneId !== null && terminalPanes.includes(tab.paneId) ? tab.paneId : terminalPanes[0]
  return tabs.filter((tab) => homeOf(tab) === paneId)
}

/** It starts with the terminal's real size, which is known once the tab has been laid out. */
function connectWhenShown(tab: TerminalTab): void {
  requestAnimationFrame(() => {
    if (tab.parts.terminal.element) connect(tab)
    else if (useTerminals.getState().tabs.some(({ id }) => id === tab.id)) connectWhenShown(tab)
  })
}

/** Starts what the tab ran once more, below what it shows and a mark. */
export function startTerminalAgain(id: string): void {
  const tab = useTerminals.getState().tabs.find((each) => each.id === id)
  if (!tab || tab.state.state === 'running') return
  const { terminal } = tab.parts
  // What ran last may have left colours, another screen, or mouse reports behind.
  terminal.write(
    `\u001b[!p\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?2004l\r\n${renderMark(`started again at ${timeOf(new Date())}`)}`,
  )
  terminal.options.disableStdin = false
  setState(id, { state: 'running' })
  connect(tab)
}

function openStream({ place, parts }: TerminalTab, terminalId: string): BridgeStream<{ exitCode: number }> {
  const { cols: columns, rows } = parts.terminal
  const own = { terminalId, columns, rows }
  if (place.kind === 'shell') {
    const { serverId, app } = place
    return bridge().open('shells.open', { serverId, app, ...own })
  }
  const { target, command, size, inside } = place
  const where = { ...(size ? { size } : {}), ...(inside ? { inside } : {}) }
  return bridge().open('terminals.open', { ...target, command, ...own, ...where })
}

function connect(tab: TerminalTab): void {
  const terminalId = crypto.randomUUID()
  const session = { terminalId, stream: openStream(tab, terminalId) }
  sessions.set(tab.id, session)
  const ended = pumpBytes(session.stream.bytes, tab.parts.terminal).then(() => session.stream.result)
  ended.then(
    ({ exitCode }) => finish(tab, session, { state: 'ended', exitCode }),
    (error) => {
      if (hasShown(tab.parts.terminal))
        tab.parts.terminal.write(`\r\n${renderMark(`the stream broke at ${timeOf(new Date())}`)}`)
      finish(tab, session, { state: 'failed', error: asEnvelope(error) })
    },
  )
}

/** What could not even be started has no stream that broke. */
function hasShown({ buffer: { active } }: TerminalParts['terminal']): boolean {
  return active.baseY + active.cursorY + active.cursorX > 0
}

/** What is typed and how large it is goes to whatever the tab is connected to then. */
function forwardInput({ id, place, parts: { terminal } }: TerminalTab): void {
  const encoder = new TextEncoder()
  const send = (bytes: Uint8Array) =>
    void sessions
      .get(id)
      ?.stream.write(bytes)
      .catch(() => undefined)
  terminal.onData((text) => send(encoder.encode(text)))
  terminal.onBinary((text) => send(Uint8Array.from(text, (c) => c.charCodeAt(0))))
  terminal.onResize(({ cols: columns, rows }) => {
    const terminalId = sessions.get(id)?.terminalId
    if (terminalId === undefined) return
    bridge()
      .call(place.kind === 'shell' ? 'shells.resize' : 'terminals.resize', { terminalId, columns, rows })
      .catch(() => undefined)
  })
}

function finish({ id, parts }: TerminalTab, session: Session, state: TerminalTab['state']): void {
  // Closed meanwhile.
  if (sessions.get(id) !== session) return
  sessions.delete(id)
  setState(id, state)
  parts.terminal.options.disableStdin = true
}

function setState(id: string, state: TerminalTab['state']): void {
  useTerminals.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, state } : tab)) }))
}

export function closeTerminalTab(id: string): void {
  sessions.get(id)?.stream.cancel()
  sessions.delete(id)
  const tab = useTerminals.getState().tabs.find((each) => each.id === id)
  useTerminals.setState(({ tabs }) => ({ tabs: tabs.filter((each) => each.id !== id) }))
  tab?.parts.terminal.dispose()
}
