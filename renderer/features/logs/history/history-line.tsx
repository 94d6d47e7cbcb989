import { memo } from 'react'
import { splitLogLine, tagOf, toneOf, withoutColours } from '../../../lib/log/log-line.ts'
import styles from './history.module.css'

interface HistoryLineProps {
  /** Undefined as long as it is not here. */
  line: string | undefined
  /** It went on the server, or could not be read. */
  isGone: boolean
  /** What was searched for. */
  mark: string
}

export const HistoryLine = memo(function HistoryLine({ line, isGone, mark }: HistoryLineProps) {
  if (line === undefined) return <span className="dim">{isGone ? 'This line could not be read.' : '…'}</span>
  const parts = splitLogLine(line)
  if (!parts) return <span>{withoutColours(line)}</span>
  return (
    <>
      <span className={styles.time}>{parts.time}</span>{' '}
      <span className={styles.tag} style={{ color: toneOf(parts) }}>
        {tagOf(parts)}
      </span>{' '}
      <Marked text={withoutColours(parts.text)} mark={mark} />
    </>
  )
})

/** What was searched for stands out. */
function Marked({ text, mark }: { text: string; mark: string }) {
  const at = mark === '' ? -1 : text.toLowerCase().indexOf(mark.toLowerCase())
  if (at < 0) return <span>{text}</span>
  return (
    <span>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + mark.length)}</mark>
      {text.slice(at + mark.length)}
    </span>
  )
}
