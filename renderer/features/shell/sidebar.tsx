import { ActionIcon, Tooltip } from '@mantine/core'
import { IconApps, IconHistory, IconPin, IconPlus, IconSearch, IconServer2, IconSettings } from '@tabler/icons-react'
import { memo } from 'react'
import type { AppSummary, Server } from '../../../electron/bridge/contract.ts'
import { offer, start } from '../../commands/at-hand.ts'
import { ShortcutKeys } from '../../commands/menu/command-items.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { desktopCommands } from '../../commands/places/desktop-commands.ts'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { theDesktop } from '../../commands/subject.ts'
import { words } from '../../commands/words.ts'
import { HearthMark } from '../../components/hearth-mark.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { UpgradeMark } from '../../components/server/upgrade-mark.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { describeApp, describeConnection } from '../../lib/status.ts'
import { useInstallation } from '../../stores/installations.ts'
import { usePinned } from '../../stores/pinned.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './shell.module.css'
import { frameWords } from './words.ts'

export function Sidebar() {
  const servers = useResource('servers.list', {})
  const apps = useResource('apps.list', {})
  return (
    <nav className={styles.side} aria-label={frameWords.sidebar}>
      <div className={styles.brand}>
        <HearthMark />
        {frameWords.product}
      </div>
      <button type="button" className={styles.search} onClick={() => start(offer(desktopCommands.palette, theDesktop))}>
        <IconSearch size={14} aria-hidden="true" />
        <span className="truncate">{frameWords.search}</span>
        <ShortcutKeys shortcut={desktopCommands.palette.shortcut} />
      </button>
      <div className={styles.list}>
        <RouteLink to={{ screen: 'apps' }} className={styles.link}>
          <IconApps size={16} stroke={1.7} aria-hidden="true" />
          {words.desktop.apps.label}
        </RouteLink>
        <RouteLink to={{ screen: 'ledger' }} className={styles.link}>
          <IconHistory size={16} stroke={1.7} aria-hidden="true" />
          {frameWords.ledger}
        </RouteLink>
        <Pinned apps={apps.data ?? []} servers={servers.data ?? []} />
        {servers.data?.map((server) => (
          <ServerGroup key={server.id} server={server} apps={apps.data?.filter((app) => app.serverId === server.id)} />
        ))}
      </div>
      <div className={styles.foot}>
        <RouteLink to={{ screen: 'add-server' }} className={styles.link}>
          <IconServer2 size={16} stroke={1.7} aria-hidden="true" />
          {words.desktop['add-server'].label}
        </RouteLink>
        <RouteLink to={{ screen: 'settings' }} className={styles.link}>
          <IconSettings size={16} stroke={1.7} aria-hidden="true" />
          {words.desktop.settings.label}
        </RouteLink>
      </div>
    </nav>
  )
}

/** What is looked at most, whichever server it is on. */
function Pinned({ apps, servers }: { apps: AppSummary[]; servers: Server[] }) {
  const pinned = usePinned(apps)
  if (pinned.length === 0) return null
  const nameOf = (serverId: string) => servers.find(({ id }) => id === serverId)?.name ?? ''
  return (
    <div className={styles.server}>
      <div className={styles.pinned} id="pinned-apps">
        <IconPin size={12} aria-hidden="true" />
        {frameWords.pinned}
      </div>
      <ul className={styles.apps} aria-labelledby="pinned-apps">
        {pinned.map((summary) => (
          <li key={`${summary.serverId} ${summary.app.id}`}>
            <AppLink summary={summary} place={nameOf(summary.serverId)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function ServerGroup({ server, apps }: { server: Server; apps: AppSummary[] | undefined }) {
  const isInstalling = useInstallation(server.id)?.outcome.state === 'running'
  const { tone, label } = isInstalling
    ? ({ tone: 'working', label: 'installing' } as const)
    : describeConnection(server)
  return (
    <div className={styles.server}>
      <div className={styles.serverRow} {...rightClick('server', { server })}>
        <RouteLink
          to={{ screen: isInstalling ? 'install-server' : 'server', serverId: server.id }}
          className={`${styles.link} ${styles.serverName}`}
          title={server.name}
        >
          <StatusMark tone={tone} label={label} />
          <span className="truncate">{server.name}</span>
          <UpgradeMark server={server} />
        </RouteLink>
        <Tooltip label={words.desktop['new-app'].label}>
          <ActionIcon
            size={24}
            aria-label={frameWords.deployTo(server.name)}
            onClick={() => start(offer(serverCommands['new-app'], { server }))}
          >
            <IconPlus size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <ul className={styles.apps} aria-label={frameWords.appsOn(server.name)}>
        {apps?.map((app) => (
          <li key={app.app.id}>
            <AppLink summary={app} />
          </li>
        ))}
        {apps?.length === 0 && <li className={styles.none}>{frameWords.noApps}</li>}
      </ul>
    </div>
  )
}

/** `place` is said where the app does not stand under its server. Drawn again only when its app has changed: there are hundreds. */
const AppLink = memo(function AppLink({ summary, place }: { summary: AppSummary; place?: string }) {
  const { tone, label } = describeApp(summary)
  return (
    <RouteLink
      to={{ screen: 'app', serverId: summary.serverId, app: summary.app.name, tab: 'overview' }}
      className={styles.link}
      title={place ? `${summary.app.name} on ${place}` : summary.app.name}
      {...rightClick('app', { summary })}
    >
      <StatusMark tone={tone} label={label} />
      <span className="truncate">{summary.app.name}</span>
      {place && <span className={`${styles.place} truncate`}>{place}</span>}
    </RouteLink>
  )
})
