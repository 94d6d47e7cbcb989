import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AddedRemote, AppSummary, RemoteForm } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { AddedRemoteNotice } from './added-remote.tsx'
import styles from './git-panel.module.css'
import { PathField } from './path-field.tsx'

const nameOf: Record<RemoteForm, string> = { https: 'heroku', ssh: 'hearth' }
const hints: Record<RemoteForm, string> = {
  https: 'The heroku client knows the app by it. It works while Hearth runs.',
  ssh: "With the desktop's own key. It works without Hearth too.",
}

/** Adds the app as a git remote to a folder of this computer. */
export function GitPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('git.get', target)
  const [typed, setTyped] = useState<string | null>(null)
  const [form, setForm] = useState<RemoteForm>('https')
  const [name, setName] = useState<string | null>(null)
  const [added, setAdded] = useState<AddedRemote | null>(null)
  const folder = typed ?? data?.lastFolder ?? ''
  const remote = name ?? nameOf[form]
  const add = useAction(async () => {
    const request = { ...target, folder: folder.trim(), name: remote.trim(), form }
    setAdded(await bridge().call('git.addRemote', request))
  })
  const address = data?.addresses.find((one) => one.form === form)?.url
  const forms = data?.addresses.map((one) => one.form) ?? ['https']
  return (
    <Panel title="Push with git" hint="adds this app as a remote to a folder" isFlush>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (folder.trim() && remote.trim()) void add.run()
        }}
      >
        <PathField label="Folder" placeholder="/home/you/projects/app" value={folder} onChange={setTyped} />
        <TextInput
          label="Remote"
          w={110}
          value={remote}
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {forms.length > 1 && (
          <SegmentedControl
            aria-label="How git reaches the app"
            value={form}
            onChange={(value) => setForm(value as RemoteForm)}
            data={forms.map((each) => ({ value: each, label: each }))}
          />
        )}
        <Button type="submit" variant="default" disabled={!folder.trim() || !remote.trim()} loading={add.isRunning}>
          Add remote
        </Button>
      </form>
      {address && (
        <div className={styles.address}>
          <span className="mono truncate">{address}</span>
          <CopyButton text={address} label={`Copy ${address}`} />
        </div>
      )}
      <p className={styles.hint}>{hints[form]}</p>
      {add.error && (
        <div className={styles.notice}>
          <ErrorNotice error={add.error} onClose={add.clearError} />
        </div>
      )}
      {added && <AddedRemoteNotice key={added.id} added={added} onUndone={() => setAdded(null)} />}
    </Panel>
  )
}
