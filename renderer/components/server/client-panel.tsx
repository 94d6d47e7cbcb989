import { Button } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import type { ClientAccess } from '../../../electron/bridge/contract.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import { openTerminalTab } from '../../stores/terminals.ts'
import { CopyButton } from '../actions/copy-button.tsx'
import { CopyLater } from '../actions/copy-later.tsx'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { LoadingRows } from '../page/loading-rows.tsx'
import { Panel } from '../page/panel.tsx'
import { SettingRow } from '../page/setting-row.tsx'
import styles from './client-panel.module.css'
import { ClientToken } from './client-token.tsx'

interface ClientPanelProps {
  serverId: string
  /** What commands mean that name no app; null on a server's screen. */
  app: string | null
}

/** How the stock heroku client and git on this computer reach a server. */
export function ClientPanel({ serverId, app }: ClientPanelProps) {
  const { data, error, reload } = useResource('client.get', { serverId }, { pollMs: 10_000 })
  return (
    <Panel title="Use the heroku client and git" hint="on this computer" isFlush>
      {!data && !error && <LoadingRows rows={3} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      {data && (
        <>
          <Terminal serverId={serverId} app={app} access={data} />
          <Address access={data} />
          <Environment serverId={serverId} app={app} />
          {app !== null && <GitAddresses serverId={serverId} app={app} />}
          <ClientToken token={data.token} onRevoked={reload} />
        </>
      )}
    </Panel>
  )
}

function Terminal({ serverId, app, access }: ClientPanelProps & { access: ClientAccess }) {
  const open = async () => {
    await openTerminalTab({ kind: 'shell', serverId, app })
    go({ screen: 'client-terminal', serverId })
  }
  return (
    <SettingRow
      title="Terminal"
      hint={
        access.hasHeroku ? (
          <>
            A shell of yours in which they are set up. From another terminal: <Code text={access.shellCommand} />
          </>
        ) : (
          <>
            git is ready in it; the heroku client is not on this computer yet:{' '}
            <Code text="npm install --global heroku" />
          </>
        )
      }
    >
      <Button variant="default" leftSection={<IconTerminal2 size={15} aria-hidden="true" />} onClick={open}>
        Open a terminal for the heroku client
      </Button>
    </SettingRow>
  )
}

function Address({ access: { address, movedFrom, isServed } }: { access: ClientAccess }) {
  const hint = !isServed
    ? 'Nothing of Hearth answers there now. Restart Hearth if that stays so.'
    : movedFrom === null
      ? 'Answers programs of this computer that show the token. It stays the same.'
      : `Another program has taken port ${movedFrom}, so it moved. What names the old one must be changed.`
  return (
    <SettingRow title="Address" hint={hint}>
      <Code text={address} />
    </SettingRow>
  )
}

function Environment({ serverId, app }: ClientPanelProps) {
  const read = (syntax: 'sh' | 'fish' | 'powershell') => async () =>
    (await bridge().call('client.environment', { serverId, app, syntax })).text
  return (
    <SettingRow title="Environment" hint="The same for a script, direnv or a terminal of your own. It holds the token.">
      <Button.Group>
        <CopyLater label="bash, zsh, sh" read={read('sh')} />
        <CopyLater label="fish" read={read('fish')} />
        <CopyLater label="PowerShell" read={read('powershell')} />
      </Button.Group>
    </SettingRow>
  )
}

const formHints = {
  https: 'Through this computer, while Hearth runs. The heroku client knows the app by it.',
  ssh: 'Straight to the server, also while Hearth does not run.',
} as const

function GitAddresses({ serverId, app }: { serverId: string; app: string }) {
  const { data, error, reload } = useResource('git.get', { serverId, app })
  return (
    <>
      <ErrorNotice error={error} onRetry={reload} isInset />
      {data?.addresses.map(({ form, url }) => (
        <SettingRow key={form} title={`git, ${form}`} hint={formHints[form]}>
          <Code text={url} />
        </SettingRow>
      ))}
    </>
  )
}

function Code({ text }: { text: string }) {
  return (
    <span className={styles.code}>
      <span className="mono truncate">{text}</span>
      <CopyButton text={text} label={`Copy ${text}`} />
    </span>
  )
}
