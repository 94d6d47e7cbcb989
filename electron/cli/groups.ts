import { accessCommands } from './access/access.ts'
import { activityCommands } from './access/activity.ts'
import { keyCommands } from './access/keys.ts'
import { appCommands } from './apps/apps.ts'
import { configVarCommands } from './apps/config-vars.ts'
import { containerCommands } from './apps/container.ts'
import { deployCommands } from './apps/deploy.ts'
import { domainCommands } from './apps/domains.ts'
import { openCommands } from './apps/open.ts'
import { trustCommands } from './apps/trust.ts'
import { gatewayCommands } from './client/gateway.ts'
import { gitCommands } from './client/git.ts'
import { shellCommands } from './client/shell.ts'
import { diagnosticsCommands } from './diagnostics.ts'
import { dynoCommands } from './dynos/dynos.ts'
import { logCommands } from './dynos/logs.ts'
import { runCommands } from './dynos/run.ts'
import type { CommandGroup } from './help.ts'
import { ledgerCommands } from './releases/ledger.ts'
import { releaseCommands } from './releases/releases.ts'
import { slugWeightCommands } from './releases/slug-weight.ts'
import { installCommands } from './servers/install.ts'
import { podmanCommands } from './servers/podman.ts'
import { serverCommands } from './servers/servers.ts'
import { transportCommands } from './servers/transport.ts'
import { settingsCommands } from './settings.ts'

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
