import type { ReactNode } from 'react'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'
import styles from './setting-row.module.css'

interface SettingRowProps {
  title: string
  hint?: ReactNode
  /** What went wrong with this setting's change. */
  failure?: { error: ErrorEnvelope | null; clearError: () => void }
  /** Makes the row a form, so that Enter in its field does what its button does. */
  onSubmit?: () => void
  /** The control. */
  children: ReactNode
}

/** One setting: what it is on the left, its control on the right. Rows stand in a flush panel. */
export function SettingRow({ title, hint, failure, onSubmit, children }: SettingRowProps) {
  const content = (
    <>
      <div className={styles.text}>
        <strong>{title}</strong>
        {hint && <p className={styles.hint}>{hint}</p>}
        {failure && <ErrorNotice error={failure.error} onClose={failure.clearError} />}
      </div>
      {children}
    </>
  )
  if (!onSubmit) return <div className={styles.row}>{content}</div>
  return (
    <form
      className={styles.row}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {content}
    </form>
  )
}
