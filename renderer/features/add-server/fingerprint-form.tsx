import { Button } from '@mantine/core'
import type { CallResult, Server, TransportKind } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { TransportChoice } from '../../components/server/transport-choice.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './add-server.module.css'
import type { Address } from './address-form.tsx'

interface FingerprintFormProps {
  address: Address
  probe: CallResult<'servers.probe'>
  onProbe: (probe: CallResult<'servers.probe'>) => void
  onBack: () => void
  onTrust: (server: Server) => void
}

const words: Record<CallResult<'servers.probe'>['known'], string> = {
  new: 'This is the first time that you meet this machine. Compare the fingerprint with the one that its owner or provider tells you.',
  same: 'It is the key that you trusted before.',
  changed:
    'It is not the key that you trusted before. Either the machine was set up anew, or somebody else answers in its place. Go on only if you know why.',
}

const transportHints: Record<TransportKind, string> = {
  ssh2: 'Hearth speaks SSH itself.',
  system: 'With the proxies, keys and algorithms of your ~/.ssh/config.',
}

export function FingerprintForm({ address, probe, onProbe, onBack, onTrust }: FingerprintFormProps) {
  const add = useAction(async () =>
    onTrust(
      await bridge().call('servers.add', {
        ...address,
        transport: probe.transport,
        fingerprint: probe.fingerprint,
      }),
    ),
  )
  const hasSystemSsh = useResource('desktop.about', {}).data?.hasSystemSsh ?? false
  // Another way may lead to another machine, so its key is looked at anew.
  const look = useAction(async (transport: TransportKind) => {
    const { host, port, user } = address
    onProbe(await bridge().call('servers.probe', { host, port, user, transport }))
  })
  const file = `/etc/ssh/ssh_host_${probe.keyType.replace(/^ssh-/, '').replace(/^ecdsa.*/, 'ecdsa')}_key.pub`
  return (
    <Panel
      title={`Is this ${address.host}?`}
      hint={probe.keyType}
      actions={<CopyButton text={probe.fingerprint} label="Copy fingerprint" />}
    >
      <div className={styles.form}>
        <div className={`${styles.fingerprint} mono`}>{probe.fingerprint}</div>
        <p className={styles.text}>{words[probe.known]}</p>
        {probe.known !== 'same' && (
          <p className={styles.text}>
            On the machine itself: <code className={`${styles.command} mono`}>ssh-keygen -lf {file}</code>
          </p>
        )}
        {hasSystemSsh && (
          <div className={styles.transport}>
            <div>
              <strong>Connection</strong>
              <p className={styles.text}>{probe.reason ?? transportHints[probe.transport]}</p>
            </div>
            <TransportChoice
              value={probe.transport}
              isDisabled={look.isRunning}
              onChange={(transport) => void look.run(transport)}
            />
          </div>
        )}
        <ErrorNotice error={look.error} onClose={look.clearError} />
        <ErrorNotice error={add.error} onClose={add.clearError} />
        <div className={styles.buttons}>
          <Button variant="default" size="sm" onClick={onBack}>
            Back
          </Button>
          <Button
            size="sm"
            color={probe.known === 'changed' ? 'red' : 'ember'}
            loading={add.isRunning}
            disabled={look.isRunning}
            onClick={() => void add.run()}
          >
            Trust this key
          </Button>
        </div>
      </div>
    </Panel>
  )
}
