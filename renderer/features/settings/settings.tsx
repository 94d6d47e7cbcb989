import { NumberInput, SegmentedControl, Switch } from '@mantine/core'
import type { CallParameters } from '../../../electron/bridge/contract.ts'
import { ShortcutList } from '../../commands/shortcuts/shortcut-list.tsx'
import { words } from '../../commands/words.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Page } from '../../components/page/page.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { DesktopKeyPanel } from './desktop-key-panel.tsx'
import { DesktopPanel } from './desktop-panel.tsx'
import { DiagnosticsPanel } from './diagnostics-panel.tsx'
import { KeyStorePanel } from './key-store-panel.tsx'
import styles from './settings.module.css'
import { TransferPanel } from './transfer-panel.tsx'
import { settingWords } from './words.ts'

export function Settings() {
  const about = useResource('desktop.about', {})
  const settings = useResource('settings.get', {}).data
  return (
    <Page title={words.desktop.settings.label}>
      <AppearancePanel />
      {settings && <DesktopPanel settings={settings} />}
      {about.data && <KeyStorePanel keyStore={about.data.keyStore} onChange={about.reload} />}
      <ErrorNotice error={about.error} onRetry={about.reload} />
      {about.data && <DesktopKeyPanel publicKey={about.data.publicKey} />}
      <KeyboardPanel />
      <TransferPanel />
      <DiagnosticsPanel />
      {about.data && (
        <p className="dim" style={{ margin: 0 }}>
          {settingWords.about(about.data.version, about.data.platform, about.data.shell === 'electron')}
        </p>
      )}
    </Page>
  )
}

function AppearancePanel() {
  const { data, error, reload } = useResource('settings.get', {})
  const change = useAction(async (update: CallParameters<'settings.update'>) =>
    setResource('settings.get', {}, await bridge().call('settings.update', update)),
  )
  return (
    <Panel title={settingWords.appearance} isFlush>
      {!data && !error && <LoadingRows rows={2} />}
      <ErrorNotice error={error ?? change.error} onRetry={error ? reload : undefined} />
      {data && (
        <>
          <SettingRow title={settingWords.theme} hint={settingWords.themeHint}>
            <SegmentedControl
              aria-label={settingWords.theme}
              value={data.theme}
              onChange={(theme) => void change.run({ theme: theme as typeof data.theme })}
              data={Object.entries(settingWords.themes).map(([value, label]) => ({ value, label }))}
            />
          </SettingRow>
          <SettingRow title={settingWords.fontSize}>
            <NumberInput
              aria-label={settingWords.fontSize}
              w={90}
              min={8}
              max={32}
              clampBehavior="strict"
              allowDecimal={false}
              value={data.terminalFontSize}
              onChange={(size) => typeof size === 'number' && size >= 8 && void change.run({ terminalFontSize: size })}
            />
          </SettingRow>
        </>
      )}
    </Panel>
  )
}

function KeyboardPanel() {
  const { data } = useResource('settings.get', {})
  const change = useAction(async (singleKeys: boolean) =>
    setResource('settings.get', {}, await bridge().call('settings.update', { singleKeys })),
  )
  return (
    <Panel title={settingWords.keyboard} isFlush>
      <SettingRow title={settingWords.singleKeys} hint={settingWords.singleKeysHint} failure={change}>
        <Switch
          aria-label={settingWords.singleKeys}
          checked={data?.singleKeys ?? true}
          disabled={!data || change.isRunning}
          onChange={(event) => void change.run(event.currentTarget.checked)}
        />
      </SettingRow>
      <div className={styles.keys}>
        <ShortcutList />
      </div>
    </Panel>
  )
}
