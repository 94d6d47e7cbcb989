import { accessCommands } from './access/access.ts'
import { activityCommands } from './access/activity.ts'
import { keyCommands } from './access/keys.ts'
import { appCommands } from './apps.ts'
import { configVarCommands } from './config-vars.ts'
import { containerCommands } from './container.ts'
import { deployCommands } from './deploy.ts'
import { diagnosticsCommands } from './diagnostics.ts'
import { domainCommands } from './domains.ts'
import { dynoCommands } from './dynos.ts'
import { gatewayCommands } from './gateway.ts'
import { gitCommands } from './git.ts'
import type { CommandGroup } from './help.ts'
import { installCommands } from './install.ts'
import { ledgerCommands } from './ledger.ts'
import { logCommands } from './logs.ts'
import { openCommands } from './open.ts'
import { podmanCommands } from './podman.ts'
import { releaseCommands } from './releases.ts'
import { runCommands } from './run.ts'
import { serverCommands } from './servers.ts'
import { settingsCommands } from './settings.ts'
import { shellCommands } from './shell.ts'
import { slugWeightCommands } from './slug-weight.ts'
import { transportCommands } from './transport.ts'
import { trustCommands } from './trust.ts'

/** The table of all commands, as the help shows it. */
export const groups: readonly CommandGroup[] = [
  { title: 'Servers', commands: [...serverCommands, ...installCommands, ...podmanCommands, ...transportCommands] },
  { title: 'Apps', commands: [...appCommands, ...deployCommands, ...containerCommands, ...openCommands] },
  { title: 'Releases', commands: [...releaseCommands, ...slugWeightCommands, ...ledgerCommands] },
  { title: 'Dynos', commands: [...dynoCommands, ...runCommands, ...logCommands] },
  { title: 'Settings', commands: [...configVarCommands, ...domainCommands, ...trustCommands] },
  { title: 'Access', commands: [...accessCommands, ...keyCommands, ...activityCommands] },
  { title: 'The heroku client and git', commands: [...shellCommands, ...gitCommands, ...gatewayCommands] },
  { title: 'This desktop', commands: [...settingsCommands, ...diagnosticsCommands] },
]
