import { useEffect, useRef } from 'react'
import type { Bridge, Presentation, ShellEvent } from '../../../electron/bridge/contract.ts'
import { offersAtHand, start } from '../../commands/at-hand.ts'
import { makeMenu } from '../../commands/menu/menu.ts'
import { readNdjson } from '../../lib/rpc/ndjson.ts'
import { useBridge } from '../../stores/bridge.ts'
import { peekResource, useResources } from '../../stores/resources.ts'
import { go, useRoute } from '../../stores/route.ts'
import { openDeepLink, refuseDeepLink, showFolder } from './deep-link.ts'
import { trayWords } from './words.ts'

/** The window's ways out of itself: the system's menu follows what the window shows, and what is chosen there happens here. */
export function NativeShell() {
  const bridge = useBridge((now) => (now.state === 'open' ? now.bridge : null))
  const route = useRoute()
  const resources = useResources()
  const sent = useRef('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
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
    // Changes that come without a pause must not keep the menu from ever following.
    if (bridge && timer.current === undefined)
      timer.current = setTimeout(() => {
        timer.current = undefined
        present(bridge, sent)
      }, settleMs)
  }, [bridge, route, resources])
  useEffect(() => () => clearTimeout(timer.current), [])
  return null
}

/** Answers come in bursts; the menu is looked at seldom. */
const settleMs = 150

function present(bridge: Bridge, sent: { current: string }): void {
  const presentation = { menu: makeMenu(), tray: makeTray() }
  const text = JSON.stringify(presentation)
  if (text === sent.current) return
  sent.current = text
  // A menu that is late is no reason to disturb anybody.
  bridge.call('shell.present', presentation).catch(() => undefined)
}

/** The deploys that run, while the user wants them beside the clock. */
function makeTray(): Presentation['tray'] {
  if (!peekResource('settings.get', {})?.showsTray) return null
  const running = runningDeploys()
  const items = running.map(({ id, appName, stage }) => ({ id, label: trayWords.deploy(appName, stage) }))
  return {
    tooltip: running.length === 0 ? trayWords.title : trayWords.running(running.length),
    items: [
      ...(items.length > 0 ? items.slice(0, trayMost) : [{ id: 'none', label: trayWords.none }]),
      { id: 'open', label: trayWords.open },
    ],
  }
}

const trayMost = 15

const runningDeploys = () => (peekResource('deploys.list', {}) ?? []).filter(({ state }) => state === 'running')

async function followEvents(bytes: ReadableStream<Uint8Array>): Promise<void> {
  for await (const event of readNdjson<ShellEvent>(bytes)) {
    if (event.kind === 'link') void openDeepLink(event.link).catch(() => undefined)
    else if (event.kind === 'bad-link') refuseDeepLink(event.text)
    else if (event.kind === 'folder') showFolder(event.path)
    else {
      const chosen = offersAtHand().find(({ id }) => id === event.id)
      const deploy = runningDeploys().find(({ id }) => id === event.id)
      if (chosen) start(chosen)
      else if (deploy) go({ screen: 'app', serverId: deploy.serverId, app: deploy.appName, tab: 'deploy' })
    }
  }
}
