import { CopyButton } from '../../components/copy-button.tsx'
import { Panel } from '../../components/panel.tsx'
import { SettingRow } from '../../components/setting-row.tsx'

/** How somebody else lets this desktop in to a server of theirs. */
export function DesktopKeyPanel({ publicKey }: { publicKey: string }) {
  return (
    <Panel title="This desktop's key" isFlush>
      <SettingRow
        title="Public SSH key"
        hint={
          <>
            Give it to whoever manages a server, to be let in there. It is no secret.
            <br />
            <span className="mono" style={{ wordBreak: 'break-all' }}>
              {publicKey}
            </span>
          </>
        }
      >
        <CopyButton text={publicKey} label="Copy public key" />
      </SettingRow>
    </Panel>
  )
}
