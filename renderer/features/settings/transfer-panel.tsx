import { Button, FileButton, Group } from '@mantine/core'
import { useState } from 'react'
import type { ImportPlan } from '../../../electron/bridge/contract.ts'
import { tellNews } from '../../commands/notices/notices.tsx'
import { ask } from '../../components/actions/ask.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { saveFile } from '../../lib/files/save-file.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useLinkedForm } from '../../stores/linked-form.ts'
import { go } from '../../stores/route.ts'
import styles from './settings.module.css'
import { settingNames, settingWords } from './words.ts'

/** The settings as a file, there and back; what an import would change is shown first. */
export function TransferPanel() {
  const [missing, setMissing] = useState<ImportPlan['unknownServers']>([])
  const save = useAction(async () => {
    const { name, text } = await bridge().call('settings.export', {})
    saveFile(name, text)
  })
  const take = useAction(async (text: string) => {
    const { unknownServers } = await bridge().call('settings.import', { text })
    setMissing(unknownServers)
    tellNews(settingWords.imported)
  })
  const look = useAction(async (file: File | null) => {
    if (!file) return
    const text = await file.text()
    const plan = await bridge().call('settings.planImport', { text })
    const lines = describePlan(plan)
    ask({
      title: settingWords.importTitle,
      children: <Changes lines={lines} unknownServers={plan.unknownServers} />,
      confirm: settingWords.importConfirm,
      cancel: 'Cancel',
      onConfirm: () => void take.run(text),
    })
  })
  const failed = [save, take, look].find(({ error }) => error)
  return (
    <Panel title={settingWords.transfer} isFlush>
      <SettingRow
        title={settingWords.transferFile}
        hint={settingWords.transferHint}
        {...(failed ? { failure: failed } : {})}
      >
        <Group gap={8} wrap="nowrap">
          <Button variant="default" loading={save.isRunning} onClick={() => void save.run()}>
            {settingWords.exporting}
          </Button>
          <FileButton accept="application/json,.json" onChange={(file) => void look.run(file)}>
            {(props) => (
              <Button variant="default" loading={look.isRunning || take.isRunning} {...props}>
                {settingWords.importing}
              </Button>
            )}
          </FileButton>
        </Group>
      </SettingRow>
      {missing.length > 0 && <UnknownServers servers={missing} />}
    </Panel>
  )
}

function describePlan({ settings, pins, renames }: ImportPlan): string[] {
  const show = (value: string | number | boolean) =>
    typeof value === 'boolean' ? settingWords.isOn(value) : String(value)
  return [
    ...settings.map(({ name, from, to }) => settingWords.change(settingNames[name], show(from), show(to))),
    ...(pins.length > 0 ? [settingWords.pins(pins.length)] : []),
    ...renames.map(({ from, to }) => settingWords.rename(from, to)),
  ]
}

function Changes({ lines, unknownServers }: { lines: string[]; unknownServers: ImportPlan['unknownServers'] }) {
  return (
    <div className={styles.plan}>
      {lines.length === 0 ? (
        <p>{settingWords.importNothing}</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {unknownServers.length > 0 && (
        <>
          <p className="dim">{settingWords.unknownServers}</p>
          <ul>
            {unknownServers.map(({ name, address }) => (
              <li key={address}>
                {name} <span className="mono dim">{address}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** After an import: what is left for a human. */
function UnknownServers({ servers }: { servers: ImportPlan['unknownServers'] }) {
  return (
    <>
      {servers.map(({ name, address }) => (
        <SettingRow key={address} title={name} hint={<span className="mono">{address}</span>}>
          <Button
            variant="default"
            aria-label={`${settingWords.addServer} ${name}`}
            onClick={() => {
              useLinkedForm.setState({ address })
              go({ screen: 'add-server' })
            }}
          >
            {settingWords.addServer}
          </Button>
        </SettingRow>
      ))}
    </>
  )
}
