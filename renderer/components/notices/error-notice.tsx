import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../actions/copy-button.tsx'
import styles from './error-notice.module.css'

interface ErrorNoticeProps {
  error: ErrorEnvelope | null
  onRetry?: (() => void) | undefined
  onClose?: (() => void) | undefined
  /** Inside a panel whose content goes to the edge. */
  isInset?: boolean
}

/** An error where it arose. The message names cause and remedy; the detail is one click away, to paste elsewhere. */
export function ErrorNotice({ error, onRetry, onClose, isInset }: ErrorNoticeProps) {
  if (!error) return null
  const details = [`${error.id}: ${error.message}`, error.detail].filter(Boolean).join('\n')
  return (
    <div className={styles.notice} data-inset={isInset || undefined} role="alert">
      <IconAlertTriangle size={16} className={styles.icon} aria-hidden="true" />
      <div className={styles.text}>{error.message}</div>
      <div className={styles.actions}>
        {onRetry && (
          <Button size="compact-xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        <CopyButton text={details} label="Copy details" />
        {onClose && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={onClose}>
            Dismiss
          </Button>
        )}
      </div>
    </div>
  )
}
