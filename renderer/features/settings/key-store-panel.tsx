import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { KeyStoreState } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useAction } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './settings.module.css'

const titles: Record<KeyStoreState['kind'], string> = {
  'operating-system': 'The operating system’s key store',
  passphrase: 'A passphrase',
  file: 'A key file',
}

/** Where the ledger's secrets are kept, said as it is. */
export function KeyStorePanel({ keyStore, onChange }: { keyStore: KeyStoreState; onChange: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const unlock = useAction(async () => {
    await bridge().call('keys.unlock', { passphrase })
    setPassphrase('')
    onChange()
  })
  return (
    <Panel title="Secrets in the ledger" isFlush>
      <div className={styles.setting}>
        <div>
          <strong>{titles[keyStore.kind]}</strong>
          <p>{keyStore.description}</p>
          <ErrorNotice error={unlock.error} onClose={unlock.clearError} />
        </div>
        {keyStore.locked || keyStore.kind === 'file' ? (
          <form
            className={styles.unlock}
            onSubmit={(event) => {
              event.preventDefault()
              if (passphrase.length >= 8) void unlock.run()
            }}
          >
            <PasswordInput
              aria-label="Passphrase"
              placeholder="at least 8 characters"
              w={200}
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <Button type="submit" disabled={passphrase.length < 8} loading={unlock.isRunning}>
              {keyStore.locked ? 'Unlock' : 'Protect with a passphrase'}
            </Button>
          </form>
        ) : (
          <StatusMark tone="up" label="unlocked" showLabel />
        )}
      </div>
    </Panel>
  )
}
