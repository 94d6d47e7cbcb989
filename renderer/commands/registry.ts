import type { Command } from './command.ts'
import { appCommands } from './places/app-commands.ts'
import { certificateCommands } from './places/certificate-commands.ts'
import { desktopCommands } from './places/desktop-commands.ts'
import { domainCommands } from './places/domain-commands.ts'
import { dynoCommands } from './places/dyno-commands.ts'
import { paneCommands } from './places/pane-commands.ts'
import { keyCommands, memberCommands, personCommands } from './places/people-commands.ts'
import { releaseCommands } from './places/release-commands.ts'
import { serverCommands } from './places/server-commands.ts'
import type { Place, Subjects } from './subject.ts'

const groups: { [P in Place]: Command<P>[] } = {
  desktop: Object.values(desktopCommands),
  server: Object.values(serverCommands),
  app: Object.values(appCommands),
  dyno: Object.values(dynoCommands),
  pane: Object.values(paneCommands),
  domain: Object.values(domainCommands),
  certificate: Object.values(certificateCommands),
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
