import type { AppSummary } from '../electron/bridge/contract.ts'
import { AppAccess } from './features/access/app-access.tsx'
import { ServerAccess } from './features/access/server-access.tsx'
import { AddServer, InstallServer } from './features/add-server/add-server.tsx'
import { AppFrame } from './features/app/app-frame.tsx'
import { AppSettings } from './features/app-settings/app-settings.tsx'
import { AppsScreen } from './features/apps/apps-screen.tsx'
import { ConfigVars } from './features/config-vars/config-vars.tsx'
import { AppDeploy } from './features/deploy/app-deploy.tsx'
import { NewApp } from './features/deploy/new-app.tsx'
import { Ledger } from './features/ledger/ledger.tsx'
import { Logs } from './features/logs/logs.tsx'
import { Overview } from './features/overview/overview.tsx'
import { AppPanes } from './features/panes/app-panes.tsx'
import { Releases } from './features/releases/releases.tsx'
import { ServerScreen } from './features/server/server-screen.tsx'
import { Settings } from './features/settings/settings.tsx'
import { ClientTerminal } from './features/terminal/client-terminal.tsx'
import { TerminalScreen } from './features/terminal/terminal-screen.tsx'
import { type AppTab, useRoute } from './stores/route.ts'

const paneKinds = { log: Logs, terminal: TerminalScreen }

const appScreens: Record<AppTab, typeof Overview> = {
  overview: Overview,
  deploy: AppDeploy,
  releases: Releases,
  logs: ({ summary }) => <AppPanes summary={summary} screen="log" kinds={paneKinds} />,
  terminal: ({ summary }) => <AppPanes summary={summary} screen="terminal" kinds={paneKinds} />,
  'config-vars': ConfigVars,
  access: AppAccess,
  settings: AppSettings,
}

/** The one place where features meet: which screen shows which of them. */
export function Screen() {
  const route = useRoute()
  switch (route.screen) {
    case 'apps':
      return <AppsScreen />
    case 'new-app':
      return <NewApp />
    case 'app':
      return (
        <AppFrame
          key={`${route.serverId} ${route.app}`}
          serverId={route.serverId}
          app={route.app}
          tab={route.tab}
          show={showAppScreen}
        />
      )
    case 'server':
      return <ServerScreen key={route.serverId} serverId={route.serverId} />
    case 'client-terminal':
      return <ClientTerminal key={route.serverId} serverId={route.serverId} />
    case 'server-access':
      return <ServerAccess key={route.serverId} serverId={route.serverId} />
    case 'add-server':
      return <AddServer />
    case 'install-server':
      return <InstallServer key={route.serverId} serverId={route.serverId} />
    case 'ledger':
      return <Ledger />
    case 'settings':
      return <Settings />
  }
}

function showAppScreen(summary: AppSummary, tab: AppTab) {
  const AppTabScreen = appScreens[tab]
  return <AppTabScreen summary={summary} />
}
