import { type ReactNode, useId } from 'react'
import styles from './panel.module.css'

interface PanelProps {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  /** Lists and tables go to the edge. */
  isFlush?: boolean
  children: ReactNode
}

/** A titled part of a screen. */
export function Panel({ title, hint, actions, isFlush, children }: PanelProps) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {hint && <span className={styles.hint}>{hint}</span>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={isFlush ? undefined : styles.body}>{children}</div>
    </section>
  )
}
