import { appCommands } from './app-commands.ts'
import type { Command } from './command.ts'
import { desktopCommands } from './desktop-commands.ts'
import { domainCommands } from './domain-commands.ts'
import { dynoCommands } from './dyno-commands.ts'
import { paneCommands } from './pane-commands.ts'
import { keyCommands, memberCommands, personCommands } from './people-commands.ts'
import { releaseCommands } from './release-commands.ts'
import { serverCommands } from './server-commands.ts'
import type { Place, Subjects } from './subject.ts'

const groups: { [P in Place]: Command<P>[] } = {
  desktop: Object.values(desktopCommands),
  server: Object.values(serverCommands),
  app: Object.values(appCommands),
  dyno: Object.values(dynoCommands),
  pane: Object.values(paneCommands),
  domain: Object.values(domainCommands),
  member: Object.values(memberCommands),
  person: Object.values(personCommands),
  key: Object.values(keyCommands),
  release: Object.values(releaseCommands),
}

/** All that can be done at a place, in the order in which menus show it. */
export const commandsOf = <P extends Place>(place: P): Command<P>[] => groups[place]

/** Of these, what makes sense for this subject. */
export const commandsFor = <P extends Place>(place: P, subject: Subjects[P]): Command<P>[] =>
  commandsOf(place).filter((command) => command.isShown(subject))
