import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { CallResult, Server, TransportKind } from '../../../electron/bridge/contract.ts'
import { renameServer } from '../../commands/acts/rename.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { TransportChoice } from '../../components/server/transport-choice.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { UninstallSetting } from './uninstall-setting.tsx'

export function ServerSettings({ server }: { server: Server }) {
  return (
    <Panel title="Settings" isFlush>
      <Rename server={server} />
      {server.transport !== null && <Transport server={server} transport={server.transport} />}
      {server.kind === 'ssh' && <Trust server={server} />}
      {server.kind === 'ssh' && <Forget server={server} />}
      {server.kind === 'ssh' && <UninstallSetting server={server} />}
    </Panel>
  )
}

function Rename({ server }: { server: Server }) {
  const [name, setName] = useState(server.name)
  const rename = useAction(() => renameServer(server, name.trim()))
  const isSame = !name.trim() || name.trim() === server.name
  return (
    <SettingRow
      title="Name"
      hint="As it is shown on this computer."
      failure={rename}
      onSubmit={() => {
        if (!isSame) void rename.run()
      }}
    >
      <TextInput
        aria-label="Server name"
        w={220}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={isSame} loading={rename.isRunning}>
        Rename
      </Button>
    </SettingRow>
  )
}

function Transport({ server, transport }: { server: Server; transport: TransportKind }) {
  const ssh = useResource('servers.systemSsh', { serverId: server.id }).data
  const choose = useAction(async (chosen: TransportKind) => {
    await bridge().call('servers.chooseTransport', { serverId: server.id, transport: chosen })
  })
  return (
    <SettingRow title="Connection" hint={explain(transport, ssh)} failure={choose}>
      <TransportChoice
        value={transport}
        isDisabled={choose.isRunning || ssh?.isAvailable === false}
        onChange={(chosen) => void choose.run(chosen)}
      />
    </SettingRow>
  )
}

function explain(transport: TransportKind, ssh: CallResult<'servers.systemSsh'> | undefined): string {
  if (ssh?.isAvailable === false)
    return 'Hearth speaks SSH itself: there is no other ssh on this computer that it could use.'
  if (transport === 'system') return 'With the proxies, keys and algorithms of your ~/.ssh/config.'
  return `Hearth speaks SSH itself. ${ssh?.reason ?? 'Your ~/.ssh/config has no part in it.'}`
}

function Trust({ server }: { server: Server }) {
  return (
    <SettingRow
      title="Certificates of its own"
      hint="For https on names such as shop.local, which no public authority speaks for, the server signs certificates itself. Browsers warn of them until this computer trusts it."
    >
      <CommandButton command={serverCommands.trust} subject={{ server }} label="Trust on this computer" />
    </SettingRow>
  )
}

function Forget({ server }: { server: Server }) {
  const forget = useCommand(serverCommands.forget, { server })
  return (
    <SettingRow title="Forget this server" hint="Here only: nothing changes on the machine." failure={forget}>
      <Button variant="default" loading={forget.isRunning} onClick={forget.start}>
        {forget.label}
      </Button>
    </SettingRow>
  )
}
