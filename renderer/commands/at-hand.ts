import { paneAtHand } from '../stores/panes.ts'
import { peekResource } from '../stores/resources.ts'
import { useRoute } from '../stores/route.ts'
import type { Command } from './command.ts'
import { execute } from './execute.ts'
import { commandsFor } from './registry.ts'
import { type Place, type Subjects, theDesktop } from './subject.ts'

/** A command with what it would be done to. */
export interface Offer {
  id: string
  /** Of its subject's kind, for the eye; its parts fit each other by construction. */
  command: Command<Place>
  subject: Subjects[Place]
}

export const offer = <P extends Place>(command: Command<P>, subject: Subjects[P]): Offer => ({
  id: command.id,
  command: command as unknown as Command<Place>,
  subject,
})

export const start = ({ command, subject }: Offer): void => execute(command, subject as never)

export function offersFor<P extends Place>(place: P, subject: Subjects[P]): Offer[] {
  return commandsFor(place, subject).map((command) => offer(command, subject))
}

/** The app or the server that the window shows. */
export function subjectAtHand():
  | { place: 'app'; subject: Subjects['app'] }
  | { place: 'server'; subject: Subjects['server'] }
  | null {
  const route = useRoute.getState()
  if (route.screen === 'app') {
    const all = peekResource('apps.list', {}) ?? []
    const summary = all.find(({ serverId, app }) => serverId === route.serverId && app.name === route.app)
    return summary ? { place: 'app', subject: { summary } } : null
  }
  if (!('serverId' in route)) return null
  const server = peekResource('servers.list', {})?.find(({ id }) => id === route.serverId)
  return server ? { place: 'server', subject: { server } } : null
}

/** What can be done to the pane of that name, or to the one that had the focus last; nothing where no panes are shown. */
export function offersOfPane(id?: string): Offer[] {
  const pane = paneAtHand(id)
  return pane ? offersFor('pane', pane) : []
}

/** What can be done here and now: to what the window shows, and to the window. */
export function offersAtHand(): Offer[] {
  const now = subjectAtHand()
  const own = now === null ? [] : now.place === 'app' ? offersFor('app', now.subject) : offersFor('server', now.subject)
  return [...own, ...offersOfPane(), ...offersFor('desktop', theDesktop)]
}
