import { create } from 'zustand'
import type { BridgeStream, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import { pumpBytes } from '../lib/terminal/byte-pump.ts'
import { asEnvelope } from '../lib/error.ts'
import type { Target } from '../lib/target.ts'
import { createTerminal, type TerminalParts } from '../lib/terminal/terminal.ts'
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
  state: { state: 'running' } | { state: 'ended'; exitCode: number } | { state: 'failed'; error: ErrorEnvelope }
}

export const useTerminals = create<{ tabs: TerminalTab[] }>(() => ({ tabs: [] }))

const streams = new Map<string, BridgeStream<{ exitCode: number }>>()

export function openTerminalTab(place: TerminalPlace): TerminalTab {
  const id = crypto.randomUUID()
  const parts = createTerminal({ cursorBlink: true }, openLink)
  const element = document.createElement('div')
  element.style.height = '100%'
  const tab: TerminalTab = { id, place, element, parts, state: { state: 'running' } }
  useTerminals.setState(({ tabs }) => ({ tabs: [...tabs, tab] }))
  connectWhenShown(tab)
  return tab
}

/** It starts with the terminal's real size, which is known once the tab has been laid out. */
function connectWhenShown(tab: TerminalTab): void {
  requestAnimationFrame(() => {
    if (tab.parts.terminal.element) connect(tab)
    else if (useTerminals.getState().tabs.some(({ id }) => id === tab.id)) connectWhenShown(tab)
  })
}

function openStream({ id, place, parts }: TerminalTab): BridgeStream<{ exitCode: number }> {
  const { cols: columns, rows } = parts.terminal
  const own = { terminalId: id, columns, rows }
  if (place.kind === 'shell') {
    const { serverId, app } = place
    return bridge().open('shells.open', { serverId, app, ...own })
  }
  const { target, command, size, inside } = place
  const where = { ...(size ? { size } : {}), ...(inside ? { inside } : {}) }
  return bridge().open('terminals.open', { ...target, command, ...own, ...where })
}

function connect(tab: TerminalTab): void {
  const { id, place, parts } = tab
  const { terminal } = parts
  const stream = openStream(tab)
  streams.set(id, stream)
  const encoder = new TextEncoder()
  terminal.onData((text) => void stream.write(encoder.encode(text)).catch(() => undefined))
  terminal.onBinary((text) => void stream.write(Uint8Array.from(text, (c) => c.charCodeAt(0))).catch(() => undefined))
  terminal.onResize(({ cols: columns, rows: lines }) => {
    bridge()
      .call(place.kind === 'shell' ? 'shells.resize' : 'terminals.resize', { terminalId: id, columns, rows: lines })
      .catch(() => undefined)
  })
  const ended = pumpBytes(stream.bytes, terminal).then(() => stream.result)
  ended.then(
    ({ exitCode }) => finish(id, { state: 'ended', exitCode }),
    (error) => finish(id, { state: 'failed', error: asEnvelope(error) }),
  )
}

function finish(id: string, state: TerminalTab['state']): void {
  streams.delete(id)
  useTerminals.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, state } : tab)) }))
  const tab = useTerminals.getState().tabs.find((each) => each.id === id)
  if (tab) tab.parts.terminal.options.disableStdin = true
}

export function closeTerminalTab(id: string): void {
  streams.get(id)?.cancel()
  streams.delete(id)
  const tab = useTerminals.getState().tabs.find((each) => each.id === id)
  useTerminals.setState(({ tabs }) => ({ tabs: tabs.filter((each) => each.id !== id) }))
  tab?.parts.terminal.dispose()
}
