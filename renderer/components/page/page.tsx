import { type ReactNode, useEffect, useRef } from 'react'
import { useAfterPaint } from '../../lib/react/after-paint.ts'
import styles from './page.module.css'

interface PageProps {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/**
 * A screen of its own: its title takes the focus, so that keyboard and screen reader start where the eye does; a screen
 * that begins with a question gives it to the first field. A click is answered by title and actions; the rest is made right
 * after they are drawn, in pieces that a key or a click comes between.
 */
export function Page({ title, hint, actions, children }: PageProps) {
  const page = useRef<HTMLDivElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const isWhole = useAfterPaint(true) ?? false
  useEffect(() => {
    document.title = `${title} · Hearth`
    heading.current?.focus({ preventScroll: true })
  }, [title])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another screen
  useEffect(() => {
    const first = isWhole ? page.current?.querySelector<HTMLElement>('[data-autofocus]') : null
    first?.focus({ preventScroll: true })
  }, [title, isWhole])
  return (
    <div ref={page} className={styles.page} aria-busy={!isWhole}>
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {hint && <span className={styles.hint}>{hint}</span>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {isWhole && children}
    </div>
  )
}
