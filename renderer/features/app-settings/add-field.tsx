import { Button, TextInput } from '@mantine/core'
import { Guarded } from '../../components/actions/guarded.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import type { Action } from '../../lib/react/use-action.ts'
import styles from './app-settings.module.css'

interface AddFieldProps {
  label: string
  placeholder: string
  /** Of the button: `Add domain`. */
  verb: string
  value: string
  onChange: (value: string) => void
  obstacle: string | null
  /** What changes the list; its failure is shown here. */
  action: Pick<Action<never[], unknown>, 'isRunning' | 'error' | 'clearError'>
  /** With more than spaces typed. */
  onSubmit: () => void
}

/** Below a list: where somebody types what is to be added to it. */
export function AddField({ label, placeholder, verb, value, onChange, obstacle, action, onSubmit }: AddFieldProps) {
  const isEmpty = value.trim() === ''
  return (
    <>
      <ErrorNotice error={action.error} onClose={action.clearError} isInset />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!isEmpty) onSubmit()
        }}
      >
        <TextInput
          className={styles.grow}
          aria-label={label}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Guarded obstacle={obstacle}>
          <Button type="submit" variant="default" disabled={obstacle !== null || isEmpty} loading={action.isRunning}>
            {verb}
          </Button>
        </Guarded>
      </form>
    </>
  )
}
