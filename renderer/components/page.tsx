import { type ReactNode, useEffect, useRef } from 'react'
import styles from './page.module.css'

interface PageProps {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/**
 * A screen of its own: its title takes the focus, so that keyboard and screen reader start where the eye does; a screen
 * that begins with a question gives it to the first field.
 */
export function Page({ title, hint, actions, children }: PageProps) {
  const page = useRef<HTMLDivElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Hearth`
    const first = page.current?.querySelector<HTMLElement>('[data-autofocus]') ?? heading.current
    first?.focus({ preventScroll: true })
  }, [title])
  return (
    <div ref={page} className={styles.page}>
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {hint && <span className={styles.hint}>{hint}</span>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}
