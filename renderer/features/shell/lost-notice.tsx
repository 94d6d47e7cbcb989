import { Loader } from '@mantine/core'
import { HearthMark } from '../../components/hearth-mark.tsx'
import { useBridge } from '../../stores/bridge.ts'
import styles from './shell.module.css'
import { coreWords } from './words.ts'

/** The desktop's main side is gone (it restarts, or was stopped): say so, keep showing what was known, try again. */
export function LostNotice() {
  const now = useBridge()
  if (now.state !== 'lost') return null
  return (
    <div className={styles.lost} role="status">
      <Loader />
      <span>
        {now.reason} <span className="dim">{coreWords.tryingAgain}</span>
      </span>
    </div>
  )
}

export function StartScreen() {
  const now = useBridge()
  return (
    <div className={styles.start}>
      <div role="status">
        <HearthMark size={44} />
        {now.state === 'lost' ? (
          <>
            <span>{now.reason}</span>
            <span>{coreWords.stopped}</span>
          </>
        ) : (
          <span>{coreWords.starting}</span>
        )}
      </div>
    </div>
  )
}
