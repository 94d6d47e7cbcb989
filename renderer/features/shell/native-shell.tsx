import { useEffect, useRef } from 'react'
import type { Bridge, ShellEvent } from '../../../electron/bridge/contract.ts'
import { offersAtHand, start } from '../../commands/at-hand.ts'
import { makeMenu } from '../../commands/menu.ts'
import { readNdjson } from '../../lib/ndjson.ts'
import { useBridge } from '../../stores/bridge.ts'
import { useResources } from '../../stores/resources.ts'
import { useRoute } from '../../stores/route.ts'
import { openDeepLink, refuseDeepLink, showFolder } from './deep-link.ts'

/** The window's ways out of itself: the system's menu follows what the window shows, and what is chosen there happens here. */
export function NativeShell() {
  const bridge = useBridge((now) => (now.state === 'open' ? now.bridge : null))
  const route = useRoute()
  const resources = useResources()
  const sent = useRef('')
  useEffect(() => {
    if (!bridge) return
    sent.current = ''
    const stream = bridge.open('shell.events', {})
    // It ends with the bridge, and the next bridge has another.
    followEvents(stream.bytes).catch(() => undefined)
    return () => stream.cancel()
  }, [bridge])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu is made of what these hold
  useEffect(() => {
    if (!bridge) return
    const timer = setTimeout(() => present(bridge, sent), settleMs)
    return () => clearTimeout(timer)
  }, [bridge, route, resources])
  return null
}

/** Answers come in bursts; the menu is looked at seldom. */
const settleMs = 150

function present(bridge: Bridge, sent: { current: string }): void {
  const presentation = { menu: makeMenu(), tray: null }
  const text = JSON.stringify(presentation)
  if (text === sent.current) return
  sent.current = text
  // A menu that is late is no reason to disturb anybody.
  bridge.call('shell.present', presentation).catch(() => undefined)
}

async function followEvents(bytes: ReadableStream<Uint8Array>): Promise<void> {
  for await (const event of readNdjson<ShellEvent>(bytes)) {
    if (event.kind === 'link') void openDeepLink(event.link).catch(() => undefined)
    else if (event.kind === 'bad-link') refuseDeepLink(event.text)
    else if (event.kind === 'folder') showFolder(event.path)
    else {
      const chosen = offersAtHand().find(({ id }) => id === event.id)
      if (chosen) start(chosen)
    }
  }
}
