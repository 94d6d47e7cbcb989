import { modals } from '@mantine/modals'
import type { ReactNode } from 'react'

interface Question {
  title: string
  children: ReactNode
  /** What is done on yes, as the button says it. */
  confirm: string
  cancel?: string
  /** Wider, for what is more than a sentence. */
  isWide?: boolean
  /** Takes something away: then the keyboard begins on the way out, else on the way on. */
  isDestructive?: boolean
  onConfirm: () => void
}

/** Asks before something is done. The focus comes back to what asked. */
export function ask({
  title,
  children,
  confirm,
  cancel = 'Keep',
  isWide = false,
  isDestructive = false,
  onConfirm,
}: Question): void {
  const first = { 'data-autofocus': true }
  modals.openConfirmModal({
    title,
    children,
    size: isWide ? 'xl' : 'md',
    labels: { confirm, cancel },
    cancelProps: isDestructive ? first : {},
    confirmProps: isDestructive ? { color: 'red' } : first,
    onConfirm,
  })
}
