import type { ReactNode } from 'react'
import styles from './notice.module.css'

interface NoticeProps {
  /** What is wrong and can wait, what is wrong now, or what is new. */
  tone?: 'warning' | 'bad' | 'news'
  children: ReactNode
  /** What can be done about it. */
  actions?: ReactNode
}

/** Something to know about what the screen shows, with what can be done about it. */
export function Notice({ tone = 'warning', children, actions }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <div className={styles.text}>{children}</div>
      {actions}
    </div>
  )
}
