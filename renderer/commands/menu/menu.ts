import type { ShellMenu } from '../../../electron/bridge/contract.ts'
import { paneAtHand } from '../../stores/panes.ts'
import { type Offer, offersFor, subjectAtHand } from '../at-hand.ts'
import { acceleratorOf } from '../shortcuts/shortcut.ts'
import { theDesktop } from '../subject.ts'
import { menuWords } from './menu-words.ts'

/** What the system's menu shows: what can be done to the window, and to the app, the server and the pane that it shows. */
export function makeMenu(): ShellMenu {
  const here = subjectAtHand()
  const own =
    here === null ? [] : here.place === 'app' ? offersFor('app', here.subject) : offersFor('server', here.subject)
  const menus: ShellMenu = [{ label: menuWords.file, items: offersFor('desktop', theDesktop).map(itemOf) }]
  if (here) menus.push({ label: here.place === 'app' ? menuWords.app : menuWords.server, items: own.map(itemOf) })
  const pane = paneAtHand()
  if (pane) menus.push({ label: menuWords.pane, items: offersFor('pane', pane).map(itemOf) })
  return menus
}

function itemOf({ id, command, subject }: Offer): ShellMenu[number]['items'][number] {
  return {
    id,
    label: `${command.label(subject)}${command.loss || command.ask ? '…' : ''}`,
    accelerator: acceleratorOf(command.shortcut),
    isEnabled: command.obstacle(subject) === null,
  }
}
