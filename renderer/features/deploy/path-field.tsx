import { Button, TextInput } from '@mantine/core'
import { IconFolderOpen } from '@tabler/icons-react'
import { native } from '../../api.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './git-panel.module.css'

export interface PathFieldProps {
  label: string
  placeholder: string
  value: string
  isDisabled?: boolean
  onChange: (value: string) => void
  /** Of a folder chosen in the system's own dialog, which is offered where there is one; `onChange` if absent. */
  onChoose?: (path: string) => void
}

/** A place that is typed, or chosen where the system has a dialog for it. Two items of the form around it. */
export function PathField({
  label,
  placeholder,
  value,
  isDisabled = false,
  onChange,
  onChoose = onChange,
}: PathFieldProps) {
  const choose = async () => {
    const chosen = await bridge().call('dialogs.chooseFolder', {})
    if (chosen) onChoose(chosen.path)
  }
  return (
    <>
      <TextInput
        className={styles.folder}
        label={label}
        placeholder={placeholder}
        value={value}
        spellCheck={false}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {native() && !isDisabled && (
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={15} aria-hidden="true" />}
          onClick={() => void choose()}
        >
          Choose
        </Button>
      )}
    </>
  )
}
