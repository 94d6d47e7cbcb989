import { CopyButton } from '../../components/actions/copy-button.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { settingWords } from './words.ts'

/** How somebody else lets this desktop in to a server of theirs. */
export function DesktopKeyPanel({ publicKey }: { publicKey: string }) {
  return (
    <Panel title={settingWords.desktopKey} isFlush>
      <SettingRow
        title={settingWords.publicKey}
        hint={
          <>
            {settingWords.publicKeyHint}
            <br />
            <span className="mono" style={{ wordBreak: 'break-all' }}>
              {publicKey}
            </span>
          </>
        }
      >
        <CopyButton text={publicKey} label={settingWords.copyPublicKey} />
      </SettingRow>
    </Panel>
  )
}
