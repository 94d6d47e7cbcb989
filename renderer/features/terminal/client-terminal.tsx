import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconPlus, IconTerminal2 } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { RouteLink } from '../../components/route-link.tsx'
import { useResource } from '../../stores/resources.ts'
import { closeTerminalTab, openTerminalTab, useTerminals } from '../../stores/terminals.ts'
import styles from './terminal.module.css'
import { TerminalPane } from './terminal-pane.tsx'
import { TerminalTabs } from './terminal-tabs.tsx'

/** Shells of this computer in which the heroku client and git speak to a server, each in a tab. */
export function ClientTerminal({ serverId }: { serverId: string }) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
  const all = useTerminals(({ tabs }) => tabs)
  const tabs = all.filter(({ place }) => place.kind === 'shell' && place.serverId === serverId)
  const [active, setActive] = useState<string | null>(tabs.at(-1)?.id ?? null)
  const shown = tabs.find(({ id }) => id === active)
  const title = `heroku and git on ${server?.name ?? '…'}`
  useEffect(() => {
    document.title = `${title} · Hearth`
  }, [title])
  const open = async () => setActive((await openTerminalTab({ kind: 'shell', serverId, app: null })).id)
  const close = (id: string) => {
    closeTerminalTab(id)
    if (id === active) setActive(tabs.filter((tab) => tab.id !== id).at(-1)?.id ?? null)
  }
  return (
    <div className={styles.terminal}>
      <div className={styles.bar}>
        <h1 className={styles.place}>
          <span className="dim">This computer, for</span>{' '}
          <RouteLink to={{ screen: 'server', serverId }}>{server?.name ?? '…'}</RouteLink>
        </h1>
        <TerminalTabs tabs={tabs} active={shown?.id ?? null} onSelect={setActive} onClose={close} />
        <Tooltip label="New terminal">
          <ActionIcon aria-label="New terminal" onClick={open}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {shown ? (
        <TerminalPane key={shown.id} tab={shown} />
      ) : (
        <div className={styles.start}>
          <h2>{title}</h2>
          <p>
            A shell of yours on this computer, in which the heroku client and git speak to{' '}
            {server?.name ?? 'the server'}. No request of the client's leaves this computer.
          </p>
          <Button size="sm" leftSection={<IconTerminal2 size={16} aria-hidden="true" />} onClick={open}>
            Open a terminal
          </Button>
        </div>
      )}
    </div>
  )
}
