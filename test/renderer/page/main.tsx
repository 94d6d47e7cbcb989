// The real renderer over the fake bridge: for screenshots and for working on screens without a server.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import '../../../renderer/styles/global.css'
import { createRoot } from 'react-dom/client'
import { keepBridgeOpen } from '../../../renderer/stores/bridge.ts'
import { Workspace } from '../../../renderer/workspace.tsx'
import { makeCrowdedWorld } from '../world/crowded-world.ts'
import { type FakeBridge, makeFakeBridge } from '../world/fake-bridge.ts'
import { makeWorld } from '../world/fake-world.ts'
import { makeLargeWorld } from '../world/large-world.ts'

declare global {
  interface Window {
    fake: FakeBridge
  }
}

const wants = new URLSearchParams(location.search)
const world = makeWantedWorld()
const theme = wants.get('theme')
if (theme === 'light' || theme === 'dark') world.theme = theme
const role = wants.get('role')
if (role === 'view' || role === 'deploy' || role === 'operate') world.role = role
world.isUnrecorded = wants.has('unrecorded')
window.fake = makeFakeBridge(world, Number(wants.get('latency') ?? 30))

function makeWantedWorld() {
  if (wants.has('crowded')) return makeCrowdedWorld()
  return wants.has('large') ? makeLargeWorld() : makeWorld(wants.has('first-run'))
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<Workspace />)
const open = async () => ({ ...window.fake, closed: new Promise<string>(() => undefined) })
void keepBridgeOpen(open, new AbortController().signal)
