import { Button } from '@mantine/core'
import type { ClientAccess } from '../../../electron/bridge/contract.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { ask } from '../actions/ask.tsx'
import { Ago } from '../ago.tsx'
import { SettingRow } from '../page/setting-row.tsx'

interface ClientTokenProps {
  token: ClientAccess['token']
  onRevoked: () => void
}

/** The one token that programs of this computer show, for all servers: when it was used last, and a way to end it. */
export function ClientToken({ token: { createdAt, lastUse }, onRevoked }: ClientTokenProps) {
  const servers = useResource('servers.list', {}).data
  const revoke = useAction(async () => {
    await bridge().call('client.revokeToken', {})
    onRevoked()
  })
  const confirm = () =>
    ask({
      title: 'Revoke the token?',
      children:
        'Programs that have it are refused at once, on every server, and what they have open is closed. Open terminals ' +
        'anew and copy the environment again. Git remotes that Hearth added go on working.',
      confirm: 'Revoke token',
      isDestructive: true,
      onConfirm: revoke.run,
    })
  const server = servers?.find(({ id }) => id === lastUse?.serverId)?.name
  return (
    <SettingRow
      title="Token"
      hint={
        <>
          {lastUse ? (
            <>
              Last used <Ago at={lastUse.at} /> by {lastUse.client}
              {server && ` for ${server}`}.
            </>
          ) : (
            'Not used yet.'
          )}{' '}
          Made <Ago at={createdAt} />, the same for all servers.
        </>
      }
      failure={revoke}
    >
      <Button variant="default" loading={revoke.isRunning} onClick={confirm}>
        Revoke
      </Button>
    </SettingRow>
  )
}
