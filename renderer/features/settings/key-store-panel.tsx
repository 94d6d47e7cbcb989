import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { KeyStoreState } from '../../../electron/bridge/contract.ts'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './settings.module.css'
import { keyStoreNames, settingWords } from './words.ts'

/** Where the ledger's secrets are kept, said as it is. */
export function KeyStorePanel({ keyStore, onChange }: { keyStore: KeyStoreState; onChange: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const unlock = useAction(async () => {
    await bridge().call('keys.unlock', { passphrase })
    setPassphrase('')
    onChange()
  })
  return (
    <Panel title={settingWords.secrets} isFlush>
      <SettingRow title={keyStoreNames[keyStore.kind]} hint={keyStore.description} failure={unlock}>
        {keyStore.kind === 'file' || (keyStore.locked && keyStore.kind === 'passphrase') ? (
          <form
            className={styles.unlock}
            onSubmit={(event) => {
              event.preventDefault()
              if (passphrase.length >= 8) void unlock.run()
            }}
          >
            <PasswordInput
              aria-label={settingWords.passphrase}
              placeholder={settingWords.passphraseShort}
              w={200}
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <Button type="submit" disabled={passphrase.length < 8} loading={unlock.isRunning}>
              {keyStore.locked ? settingWords.unlock : settingWords.protect}
            </Button>
          </form>
        ) : (
          <StatusMark
            tone={keyStore.locked ? 'quiet' : 'up'}
            label={keyStore.locked ? settingWords.locked : settingWords.unlocked}
            showLabel
          />
        )}
      </SettingRow>
    </Panel>
  )
}
