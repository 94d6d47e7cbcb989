import type { AppSummary, Server } from '../../electron/bridge/contract.ts'
import { targetOf } from '../lib/apps/target.ts'
import { describeApp, describeConnection } from '../lib/status.ts'
import { peekResource } from '../stores/resources.ts'
import { type Offer, offer, offersFor, offersOfPane, subjectAtHand } from './at-hand.ts'
import { appCommands } from './places/app-commands.ts'
import { desktopCommands } from './places/desktop-commands.ts'
import { serverCommands } from './places/server-commands.ts'
import { nameOf, theDesktop } from './subject.ts'

/** One line of the palette. */
export interface Entry {
  key: string
  group: string
  label: string
  description: string
  /** Shown where it would do the same. */
  shortcut: string | null
  /** What it is found by beside what it shows. */
  keywords: string
  offer: Offer
}

/** More than this nobody reads; another word finds the rest. */
const shownMost = 60

/** What can be done here, every app and server, what can be done anywhere; and, to be searched, what can be done to each. */
export function listEntries(isSearching: boolean): Entry[] {
  const here = subjectAtHand()
  const at = here?.place === 'app' ? here.subject.summary : here?.subject.server
  const own =
    here === null ? [] : here.place === 'app' ? offersFor('app', here.subject) : offersFor('server', here.subject)
  const apps = peekResource('apps.list', {}) ?? []
  const servers = peekResource('servers.list', {}) ?? []
  const entries = [
    ...[...own, ...offersOfPane()].map((each) => entryOf(each, nameOf(each.subject))),
    ...listPlaces(apps, servers),
    ...offersFor('desktop', theDesktop)
      .filter(({ command }) => command !== (desktopCommands.palette as unknown))
      .map((each) => entryOf(each, 'Hearth')),
  ]
  if (!isSearching) return entries
  const people = offersOfPeople(here).map((each) => entryOf(each, 'People'))
  const elsewhere = [
    ...apps.filter((summary) => summary !== at).flatMap((summary) => offersFor('app', { summary })),
    ...servers.filter((server) => server !== at).flatMap((server) => offersFor('server', { server })),
  ]
  return [...entries, ...people, ...elsewhere.map((each) => entryOf(each, 'Elsewhere'))]
}

/** What can be done to whom, as far as the screen of access has asked who they are. */
function offersOfPeople(here: ReturnType<typeof subjectAtHand>): Offer[] {
  if (here?.place === 'app') {
    const { summary } = here.subject
    const you = peekResource('access.own', { serverId: summary.serverId })?.user.id
    const { people = [] } = peekResource('access.app', targetOf(summary)) ?? {}
    return people.flatMap((member) => offersFor('member', { summary, member, isYou: member.user.id === you }))
  }
  if (here?.place !== 'server') return []
  const { server } = here.subject
  const people = peekResource('access.people', { serverId: server.id }) ?? []
  return people.flatMap((person) => offersFor('person', { server, person }))
}

function listPlaces(apps: AppSummary[], servers: Server[]): Entry[] {
  const serverName = new Map(servers.map(({ id, name }) => [id, name]))
  return [
    ...apps.map((summary) => ({
      ...entryOf(offer(appCommands.overview, { summary }), 'Apps'),
      label: summary.app.name,
      description: `${serverName.get(summary.serverId) ?? ''} · ${describeApp(summary).label}`,
      ...{ keywords: '', shortcut: null },
    })),
    ...servers.map((server) => ({
      ...entryOf(offer(serverCommands.show, { server }), 'Servers'),
      label: server.name,
      description: describeConnection(server).label,
      ...{ keywords: '', shortcut: null },
    })),
  ]
}

function entryOf(each: Offer, group: string): Entry {
  const { command, subject } = each
  const name = nameOf(subject)
  const label = command.label(subject)
  return {
    key: `${group} ${each.id} ${'summary' in subject ? subject.summary.serverId : ''} ${name}`,
    group,
    label: name ? `${name}: ${label}` : label,
    description: '',
    shortcut: group === 'Elsewhere' ? null : command.shortcut,
    keywords: command.keywords,
    offer: each,
  }
}

/** Every word has to be found; what begins with what was typed comes first, then what says it. */
export function searchEntries(entries: readonly Entry[], query: string): Entry[] {
  const typed = query.trim().toLowerCase()
  const words = typed.split(/\s+/).filter(Boolean)
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry, typed, words)
    return rank === null ? [] : [{ entry, rank }]
  })
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .slice(0, shownMost)
    .map(({ entry }) => entry)
}

function rankOf(
  { label, description, keywords, group }: Entry,
  typed: string,
  words: readonly string[],
): number | null {
  const shown = label.toLowerCase()
  const isLast = group === 'Elsewhere' ? 0.5 : 0
  if (shown.startsWith(typed)) return 0 + isLast
  if (words.every((word) => shown.includes(word))) return 1 + isLast
  const all = `${shown} ${description.toLowerCase()} ${keywords}`
  return words.every((word) => all.includes(word)) ? 2 + isLast : null
}
