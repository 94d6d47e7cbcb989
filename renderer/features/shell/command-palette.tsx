import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { describeApp, describeConnection } from '../../lib/status.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { type AppTab, go, useRoute } from '../../stores/route.ts'

const tabTitles: [AppTab, string][] = [
  ['overview', 'Overview'],
  ['deploy', 'Deploy'],
  ['releases', 'Releases'],
  ['logs', 'Logs'],
  ['terminal', 'Terminal'],
  ['config-vars', 'Config vars'],
  ['settings', 'Settings'],
]

/** Everything by name: screens of the app at hand, apps, servers, and what can be done anywhere. */
export function CommandPalette() {
  const groups = [useAppCommands(), usePlaces(), generalCommands].flat()
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      shortcut={['mod + K', 'mod + P']}
      nothingFound="Nothing found"
      highlightQuery
      attributes={{ content: { 'aria-label': 'Search apps, servers and commands' } }}
      // Whoever types on at once must not lose letters to an animation.
      transitionProps={{ duration: 0 }}
      // A chosen screen takes the focus itself; after Escape it goes back as from everywhere.
      returnFocus={false}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden="true" />,
        placeholder: 'Search apps, servers and commands',
        'aria-label': 'Search apps, servers and commands',
      }}
    />
  )
}

function useAppCommands(): SpotlightActionGroupData[] {
  const route = useRoute()
  if (route.screen !== 'app') return []
  const { serverId, app } = route
  return [
    {
      group: app,
      actions: tabTitles.map(([tab, title]) => ({
        id: `tab-${tab}`,
        label: `${app}: ${title}`,
        onClick: () => go({ screen: 'app', serverId, app, tab }),
      })),
    },
  ]
}

function usePlaces(): SpotlightActionGroupData[] {
  const apps = useResource('apps.list', {}).data ?? []
  const servers = useResource('servers.list', {}).data ?? []
  const names = new Map(servers.map((server) => [server.id, server.name]))
  return [
    {
      group: 'Apps',
      actions: apps.map((summary) => ({
        id: `app-${summary.serverId}-${summary.app.id}`,
        label: summary.app.name,
        description: `${names.get(summary.serverId) ?? ''} · ${describeApp(summary).label}`,
        onClick: () => go({ screen: 'app', serverId: summary.serverId, app: summary.app.name, tab: 'overview' }),
      })),
    },
    {
      group: 'Servers',
      actions: servers.map((server) => ({
        id: `server-${server.id}`,
        label: server.name,
        description: describeConnection(server).label,
        onClick: () => go({ screen: 'server', serverId: server.id }),
      })),
    },
  ]
}

const chooseTheme = (theme: 'light' | 'dark') => void bridge().call('settings.update', { theme })

const generalCommands: SpotlightActionGroupData = {
  group: 'Hearth',
  actions: [
    { id: 'new-app', label: 'Deploy a new app', onClick: () => go({ screen: 'new-app' }) },
    { id: 'add-server', label: 'Add server', onClick: () => go({ screen: 'add-server' }) },
    { id: 'apps', label: 'All apps', onClick: () => go({ screen: 'apps' }) },
    { id: 'ledger', label: 'Ledger: every release of every app', onClick: () => go({ screen: 'ledger' }) },
    { id: 'settings', label: 'Settings', onClick: () => go({ screen: 'settings' }) },
    { id: 'light', label: 'Use the light theme', onClick: () => chooseTheme('light') },
    { id: 'dark', label: 'Use the dark theme', onClick: () => chooseTheme('dark') },
  ],
}
