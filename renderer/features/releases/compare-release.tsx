import { Select } from '@mantine/core'
import { useState } from 'react'
import { ReleaseDifference } from '../../components/release/release-difference.tsx'
import type { Target } from '../../lib/apps/target.ts'
import styles from './releases.module.css'

interface CompareReleaseProps {
  target: Target
  version: number
  /** Newest first. */
  others: number[]
}

/** A release beside another one of the app: the one before it, until another is chosen. The older one is on the left. */
export function CompareRelease({ target, version, others }: CompareReleaseProps) {
  const before = others.find((other) => other < version) ?? others[0] ?? version
  const [chosen, setChosen] = useState<number | null>(null)
  const other = chosen ?? before
  return (
    <section className={styles.section} aria-label={`What changed with v${version}`}>
      <h3 className={styles.sectionTitle}>
        {other < version ? 'What changed since' : 'What changed until'}
        <Select
          aria-label={`Release to compare v${version} with`}
          size="xs"
          w={84}
          allowDeselect={false}
          data={others.map((each) => ({ value: String(each), label: `v${each}` }))}
          value={String(other)}
          onChange={(value) => setChosen(value === null ? null : Number(value))}
        />
      </h3>
      <ReleaseDifference key={other} target={target} from={Math.min(version, other)} to={Math.max(version, other)} />
    </section>
  )
}
