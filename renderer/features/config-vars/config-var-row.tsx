import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core'
import { IconEye, IconEyeOff, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ask } from '../../components/actions/ask.tsx'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import styles from './config-vars.module.css'
import type { Update } from './config-vars.tsx'

interface ConfigVarRowProps {
  name: string
  value: string
  isRevealed: boolean
  isReadOnly: boolean
  onToggle: () => void
  onChange: (update: Update) => Promise<boolean | undefined>
}

export function ConfigVarRow({ name, value, isRevealed, isReadOnly, onToggle, onChange }: ConfigVarRowProps) {
  const [draft, setDraft] = useState<string | null>(null)
  if (draft !== null)
    return (
      <li className={styles.row}>
        <span className={`${styles.name} mono`}>{name}</span>
        <Editor
          name={name}
          draft={draft}
          isBusy={isReadOnly}
          onDraft={setDraft}
          onCancel={() => setDraft(null)}
          onSave={async () => {
            if (draft === value || (await onChange({ [name]: draft }))) setDraft(null)
          }}
        />
      </li>
    )
  return (
    <li className={styles.row}>
      <span className={`${styles.name} mono`}>{name}</span>
      {isRevealed ? (
        <span className={`${styles.value} mono`}>{value === '' ? <span className="dim">(empty)</span> : value}</span>
      ) : (
        <span className={styles.hidden} role="img" aria-label="hidden value">
          ••••••••••
        </span>
      )}
      <span className={styles.actions}>
        {isRevealed && <CopyButton text={value} label={`Copy ${name}`} />}
        <Tooltip label={isRevealed ? 'Hide' : 'Reveal'}>
          <ActionIcon size={24} aria-label={`${isRevealed ? 'Hide' : 'Reveal'} ${name}`} onClick={onToggle}>
            {isRevealed ? <IconEyeOff size={15} /> : <IconEye size={15} />}
          </ActionIcon>
        </Tooltip>
        <ActionIcon size={24} aria-label={`Edit ${name}`} disabled={isReadOnly} onClick={() => setDraft(value)}>
          <IconPencil size={15} />
        </ActionIcon>
        <ActionIcon
          size={24}
          aria-label={`Remove ${name}`}
          disabled={isReadOnly}
          onClick={() => confirmRemoval(name, () => void onChange({ [name]: null }))}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </span>
    </li>
  )
}

interface EditorProps {
  name: string
  draft: string
  isBusy: boolean
  onDraft: (value: string) => void
  onCancel: () => void
  onSave: () => void
}

function Editor({ name, draft, isBusy, onDraft, onCancel, onSave }: EditorProps) {
  return (
    <>
      <Textarea
        aria-label={`Value of ${name}`}
        autosize
        minRows={1}
        maxRows={8}
        autoFocus
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(draft.length, draft.length)}
        value={draft}
        spellCheck={false}
        onChange={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave()
        }}
      />
      <span className={styles.actions} style={{ gap: 6 }}>
        <Button size="compact-sm" loading={isBusy} onClick={onSave}>
          Save {name}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </>
  )
}

function confirmRemoval(name: string, onConfirm: () => void): void {
  ask({
    title: `Remove ${name}?`,
    children:
      'A new release runs without it. Its value stays in the releases before, so that a rollback brings it back.',
    confirm: `Remove ${name}`,
    isDestructive: true,
    onConfirm,
  })
}
