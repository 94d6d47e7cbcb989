import type { Tone } from '../lib/tone.ts'
import styles from './status-mark.module.css'

// Each tone has a shape of its own: colour is never the only sign.
const shapes: Record<Tone, React.ReactNode> = {
  up: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  working: <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="14 8" />,
  warning: <path d="M5 0.4 9.6 5 5 9.6 0.4 5Z" fill="currentColor" />,
  bad: <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />,
  quiet: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.6" />,
}

interface StatusMarkProps {
  tone: Tone
  label: string
  /** Without it the label is for screen readers and the pointer only. */
  showLabel?: boolean
}

export function StatusMark({ tone, label, showLabel }: StatusMarkProps) {
  return (
    <span className={`${styles.mark} ${styles[tone]}`} title={showLabel ? undefined : label}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {shapes[tone]}
      </svg>
      {showLabel ? <span className={styles.label}>{label}</span> : <span className="unseen">{label}</span>}
    </span>
  )
}
