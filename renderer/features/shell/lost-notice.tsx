import { Loader } from '@mantine/core'
import { HearthMark } from '../../components/hearth-mark.tsx'
import { useBridge } from '../../stores/bridge.ts'
import styles from './shell.module.css'

/** The desktop's main side is gone (it restarts, or was stopped): say so, keep showing what was known, try again. */
export function LostNotice() {
  const now = useBridge()
  if (now.state !== 'lost') return null
  return (
    <div className={styles.lost} role="status">
      <Loader />
      <span>
        {now.reason} <span className="dim">Trying again. What you see may be old.</span>
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
            <span>If Hearth was stopped, start it again and open the address that it prints.</span>
          </>
        ) : (
          <span>Starting…</span>
        )}
      </div>
    </div>
  )
}
