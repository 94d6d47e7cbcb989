import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { CallParameters, Settings } from '../../../electron/bridge/contract.ts'
import { native } from '../../api.ts'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import { settingWords } from './words.ts'

/** How Hearth shows itself outside its window. */
export function DesktopPanel({ settings }: { settings: Settings }) {
  const change = useAction(async (update: CallParameters<'settings.update'>) =>
    setResource('settings.get', {}, await bridge().call('settings.update', update)),
  )
  return (
    <Panel title={settingWords.desktop} isFlush>
      <Notifications settings={settings} onChange={(notifiesEnds) => void change.run({ notifiesEnds })} />
      {native() && (
        <SettingRow title={settingWords.tray} hint={settingWords.trayHint} failure={change}>
          <Switch
            aria-label={settingWords.tray}
            checked={settings.showsTray}
            onChange={(event) => void change.run({ showsTray: event.currentTarget.checked })}
          />
        </SettingRow>
      )}
    </Panel>
  )
}

/** A browser asks for itself, once and only when the user has just pressed something. */
function Notifications({ settings, onChange }: { settings: Settings; onChange: (isOn: boolean) => void }) {
  const [permission, setPermission] = useState(() => globalThis.Notification?.permission ?? 'denied')
  const turn = async (isOn: boolean) => {
    if (isOn && permission === 'default') setPermission(await Notification.requestPermission())
    onChange(isOn)
  }
  return (
    <SettingRow
      title={settingWords.notifications}
      hint={permission === 'denied' ? settingWords.notificationsDenied : settingWords.notificationsHint}
    >
      <Switch
        aria-label={settingWords.notifications}
        checked={settings.notifiesEnds && permission === 'granted'}
        disabled={permission === 'denied'}
        onChange={(event) => void turn(event.currentTarget.checked)}
      />
    </SettingRow>
  )
}
