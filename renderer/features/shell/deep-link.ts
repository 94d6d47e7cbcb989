import type { AppSummary, DeepLink } from '../../../electron/bridge/contract.ts'
import { tellObstacle } from '../../commands/notices/notices.tsx'
import { openPalette } from '../../commands/palette.ts'
import { bridge } from '../../stores/bridge.ts'
import { folderAt, setDropped } from '../../stores/dropped-folder.ts'
import { useLinkedForm } from '../../stores/linked-form.ts'
import { go } from '../../stores/route.ts'
import { linkWords } from './words.ts'

/** Shows the screen or the form that a link asks for, filled in; whoever sits here does the rest. */
export async function openDeepLink(link: DeepLink): Promise<void> {
  switch (link.kind) {
    case 'app':
      return showApp(
        link.app,
        (await bridge().call('apps.list', {})).filter(({ app }) => app.name === link.app),
      )
    case 'deploy':
      useLinkedForm.setState({ repository: link.repository })
      return go({ screen: 'new-app' })
    case 'add-server':
      useLinkedForm.setState({ address: link.address })
      return go({ screen: 'add-server' })
  }
}

function showApp(name: string, [found, ...more]: AppSummary[]): void {
  if (!found) tellObstacle(linkWords.app(name), linkWords.noApp)
  else if (more.length === 0) go({ screen: 'app', serverId: found.serverId, app: name, tab: 'overview' })
  // One of several: the palette shows on which servers.
  else openPalette(name)
}

/** One that was dropped on the dock's icon, or named on the command line. */
export function showFolder(path: string): void {
  setDropped(folderAt(path))
  go({ screen: 'new-app' })
}

export function refuseDeepLink(text: string): void {
  tellObstacle(linkWords.bad, linkWords.badLink(text))
}
