import { Kbd, NumberInput, SegmentedControl } from '@mantine/core'
import type { CallParameters } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { LoadingRows } from '../../components/loading-rows.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { SettingRow } from '../../components/setting-row.tsx'
import { useAction } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { DesktopKeyPanel } from './desktop-key-panel.tsx'
import { KeyStorePanel } from './key-store-panel.tsx'
import styles from './settings.module.css'

export function Settings() {
  const about = useResource('desktop.about', {})
  return (
    <Page title="Settings">
      <AppearancePanel />
      {about.data && <KeyStorePanel keyStore={about.data.keyStore} onChange={about.reload} />}
      <ErrorNotice error={about.error} onRetry={about.reload} />
      {about.data && <DesktopKeyPanel publicKey={about.data.publicKey} />}
      <KeyboardPanel />
      {about.data && (
        <p className="dim" style={{ margin: 0 }}>
          Hearth {about.data.version} on {about.data.platform},{' '}
          {about.data.shell === 'electron' ? 'in a window of its own' : 'in a browser tab'}
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
    <Panel title="Appearance" isFlush>
      {!data && !error && <LoadingRows rows={2} />}
      <ErrorNotice error={error ?? change.error} onRetry={error ? reload : undefined} />
      {data && (
        <>
          <SettingRow title="Theme" hint="System follows your desktop between light and dark.">
            <SegmentedControl
              aria-label="Theme"
              value={data.theme}
              onChange={(theme) => void change.run({ theme: theme as typeof data.theme })}
              data={[
                { value: 'system', label: 'System' },
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
              ]}
            />
          </SettingRow>
          <SettingRow title="Text size of logs and terminals">
            <NumberInput
              aria-label="Text size of logs and terminals"
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

const isMac = navigator.platform.startsWith('Mac')
const shortcuts: [string, string][] = [
  ['Search or run a command', isMac ? '⌘ K' : 'Ctrl K'],
  ['Search the log', isMac ? '⌘ F' : 'Ctrl F'],
  ['Leave a terminal', 'Shift F6'],
  ['Save an edited config var', isMac ? '⌘ Enter' : 'Ctrl Enter'],
]

function KeyboardPanel() {
  return (
    <Panel title="Keyboard">
      <dl className={styles.keys}>
        {shortcuts.map(([what, keys]) => (
          <div key={what} style={{ display: 'contents' }}>
            <dt>{what}</dt>
            <dd>
              <Kbd size="xs">{keys}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
