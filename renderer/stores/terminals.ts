import { create } from 'zustand'
import type { BridgeStream, ErrorEnvelope } from '../../electron/bridge/contract.ts'
import { pumpBytes } from '../lib/byte-pump.ts'
import { asEnvelope } from '../lib/error.ts'
import type { Target } from '../lib/target.ts'
import { createTerminal, type TerminalParts } from '../lib/terminal.ts'
import { bridge } from './bridge.ts'

/** What a tab is called: its command, and where that runs. */
export function titleOf({ command, inside }: Pick<TerminalTab, 'command' | 'inside'>): string {
  return inside === null ? command : `${inside}: ${command}`
}

/** A one-off dyno's terminal. It lives on while the user looks at other screens, and ends when its tab is closed. */
export interface TerminalTab {
  id: string
  target: Target
  command: string
  /** The dyno that it is inside of; null for one of its own. */
  inside: string | null
  /** xterm's element, moved into the screen that shows it. */
  element: HTMLDivElement
  parts: TerminalParts
  state: { state: 'running' } | { state: 'ended'; exitCode: number } | { state: 'failed'; error: ErrorEnvelope }
}

export const useTerminals = create<{ tabs: TerminalTab[] }>(() => ({ tabs: [] }))

const streams = new Map<string, BridgeStream<{ exitCode: number }>>()

export function openTerminalTab(
  target: Target,
  { command, size = null, inside = null }: { command: string; size?: string | null; inside?: string | null },
): TerminalTab {
  const id = crypto.randomUUID()
  const parts = createTerminal({ cursorBlink: true })
  const element = document.createElement('div')
  element.style.height = '100%'
  const tab: TerminalTab = { id, target, command, inside, element, parts, state: { state: 'running' } }
  useTerminals.setState(({ tabs }) => ({ tabs: [...tabs, tab] }))
  connectWhenShown(tab, size)
  return tab
}

/** The dyno starts with the terminal's real size, which is known once the tab has been laid out. */
function connectWhenShown(tab: TerminalTab, size: string | null): void {
  requestAnimationFrame(() => {
    if (tab.parts.terminal.element) connect(tab, size)
    else if (useTerminals.getState().tabs.some(({ id }) => id === tab.id)) connectWhenShown(tab, size)
  })
}

function connect({ id, target, command, inside, parts }: TerminalTab, size: string | null): void {
  const { terminal } = parts
  const { cols, rows } = terminal
  const place = { ...(size ? { size } : {}), ...(inside ? { inside } : {}) }
  const parameters = { ...target, command, terminalId: id, columns: cols, rows, ...place }
  const stream = bridge().open('terminals.open', parameters)
  streams.set(id, stream)
  const encoder = new TextEncoder()
  terminal.onData((text) => void stream.write(encoder.encode(text)).catch(() => undefined))
  terminal.onBinary((text) => void stream.write(Uint8Array.from(text, (c) => c.charCodeAt(0))).catch(() => undefined))
  terminal.onResize(({ cols: columns, rows: lines }) => {
    bridge()
      .call('terminals.resize', { terminalId: id, columns, rows: lines })
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
