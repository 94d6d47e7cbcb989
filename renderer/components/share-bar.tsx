import { formatBytes } from '../lib/format.ts'
import styles from './share-bar.module.css'

export interface SharePart {
  name: string
  bytes: number
  /** The name of a colour of the theme: `--h-series-1`. */
  color: string
}

/** What a whole is made of: one bar, and below it each part by name and size. */
export function ShareBar({ label, parts }: { label: string; parts: SharePart[] }) {
  const total = Math.max(
    1,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  )
  return (
    <>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(({ name, bytes, color }) => (
          <span key={name} style={{ flexGrow: bytes / total, background: `var(${color})` }} title={name} />
        ))}
      </div>
      <ul className={styles.parts} aria-label={label}>
        {parts.map(({ name, bytes, color }) => (
          <li key={name}>
            <span className={styles.swatch} style={{ background: `var(${color})` }} aria-hidden="true" />
            <span className="truncate" title={name}>
              {name}
            </span>
            <span className="num">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
