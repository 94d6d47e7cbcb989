import { memo } from 'react'
import { splitLogLine, tagOf, toneOf, withoutColours } from '../../../lib/log/log-line.ts'
import { splitAtTerms } from '../../../lib/log/search-terms.ts'
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

/** What was searched for stands out, each word and phrase of it. */
function Marked({ text, mark }: { text: string; mark: string }) {
  const pieces = splitAtTerms(text, mark)
  // Every second piece is one that was searched for; equal ones have their place as a name.
  const named = pieces.map((piece, place) => ({ piece, name: `${place} ${piece}`, isFound: place % 2 === 1 }))
  return <span>{named.map(({ piece, name, isFound }) => (isFound ? <mark key={name}>{piece}</mark> : piece))}</span>
}
