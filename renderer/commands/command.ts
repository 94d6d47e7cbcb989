import type { Icon } from '@tabler/icons-react'
import type { Role } from '../../electron/bridge/contract.ts'
import { explainAppObstacle, explainServerObstacle } from '../stores/access.ts'
import { peekResource } from '../stores/resources.ts'
import type { Place, Subjects } from './subject.ts'
import { type CommandName, type Loss, say, type Words, words } from './words.ts'

/** One thing that can be done, wherever it is offered: palette, menus, right click, keyboard, a button. */
export interface Command<P extends Place> {
  /** `app.restart` */
  readonly id: string
  readonly place: P
  readonly icon: Icon
  /** `mod+k`, `?`, or keys one after the other: `g l`. `mod` is Ctrl, on a Mac the command key. */
  readonly shortcut: string | null
  /** Whether it makes sense for this subject at all; what does not is not offered. */
  isShown(subject: Subjects[P]): boolean
  /** Why it can't be done now, as a sentence; null when it can. */
  obstacle(subject: Subjects[P]): string | null
  label(subject: Subjects[P]): string
  readonly keywords: string
  /** Takes something away: asked first, by name. */
  readonly loss: Loss<P> | null
  /** Whether it takes the object's name, typed, to do it. */
  readonly isTyped: boolean
  /** Asks in its own way, and proceeds with what was chosen. */
  readonly ask: ((subject: Subjects[P], proceed: (subject: Subjects[P]) => void) => void) | null
  run(subject: Subjects[P]): unknown
}

export interface CommandParts<P extends Place> {
  icon: Icon
  shortcut?: string
  isShown?: (subject: Subjects[P]) => boolean
  /** The role that it takes on the app, or on the server as a whole. */
  needs?: Role
  /** What else may stand in the way. */
  obstacle?: (subject: Subjects[P]) => string | null
  isTyped?: boolean
  ask?: (subject: Subjects[P], proceed: (subject: Subjects[P]) => void) => void
  run: (subject: Subjects[P]) => unknown
}

export type Commands<P extends Place> = Record<CommandName<P>, Command<P>>

/** The commands of one place: each with the words that its name has. */
export function define<P extends Place>(place: P, parts: Record<CommandName<P>, CommandParts<P>>): Commands<P> {
  const named = Object.entries<CommandParts<P>>(parts).map(([name, each]) => [name, join(place, name, each)])
  return Object.fromEntries(named) as Commands<P>
}

function join<P extends Place>(place: P, name: string, parts: CommandParts<P>): Command<P> {
  const { label, keywords = '', loss = null } = (words[place] as Record<string, Words<P>>)[name] as Words<P>
  const { icon, shortcut = null, isShown = () => true, needs, obstacle, isTyped = false, ask = null, run } = parts
  return {
    ...{ id: `${place}.${name}`, place, icon, shortcut, isShown, isTyped, ask, run, keywords, loss },
    label: (subject) => say(label, subject),
    obstacle: (subject) => (needs && explainRole(subject, needs)) || (obstacle?.(subject) ?? null),
  }
}

function explainRole(subject: Subjects[Place], needed: Role): string | null {
  if ('summary' in subject) {
    const { summary } = subject
    return explainAppObstacle(summary, peekResource('access.own', { serverId: summary.serverId }), needed)
  }
  if (!('server' in subject)) return null
  return explainServerObstacle(peekResource('access.own', { serverId: subject.server.id }), needed)
}
