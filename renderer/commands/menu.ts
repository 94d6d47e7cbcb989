import type { ShellMenu } from '../../electron/bridge/contract.ts'
import { type Offer, offersFor, subjectAtHand } from './at-hand.ts'
import { menuWords } from './menu-words.ts'
import { theDesktop } from './subject.ts'

/** What the system's menu shows: what can be done to the window, and to the app or the server that it shows. */
export function makeMenu(): ShellMenu {
  const here = subjectAtHand()
  const own =
    here === null ? [] : here.place === 'app' ? offersFor('app', here.subject) : offersFor('server', here.subject)
  const menus: ShellMenu = [{ label: menuWords.file, items: offersFor('desktop', theDesktop).map(itemOf) }]
  if (here) menus.push({ label: here.place === 'app' ? menuWords.app : menuWords.server, items: own.map(itemOf) })
  return menus
}

function itemOf({ id, command, subject }: Offer): ShellMenu[number]['items'][number] {
  const { shortcut } = command
  return {
    id,
    label: `${command.label(subject)}${command.loss || command.ask ? '…' : ''}`,
    accelerator: shortcut?.startsWith('mod+') ? `CmdOrCtrl+${shortcut.slice(4).toUpperCase()}` : null,
    isEnabled: command.obstacle(subject) === null,
  }
}
