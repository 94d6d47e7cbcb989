import { Tooltip } from '@mantine/core'
import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react'

const marks = {
  true: {
    label: 'Verified: hash, signature and the release before it hold',
    Sign: IconShieldCheck,
    color: 'var(--h-ok)',
  },
  false: {
    label: 'Not verified: its hash, its signature or the release before it does not hold',
    Sign: IconShieldX,
    color: 'var(--h-bad)',
  },
  null: {
    label: 'Told by the server: this ledger has no proof of it, which takes the role deploy',
    Sign: IconShieldQuestion,
    color: 'var(--h-dim)',
  },
}

/** Whether a release's link in the ledger holds: its hash, the server's signature, and the link before. */
export function VerifiedMark({ isVerified }: { isVerified: boolean | null }) {
  const { label, Sign, color } = marks[`${isVerified}`]
  return (
    <Tooltip label={label}>
      <span role="img" aria-label={label} style={{ display: 'inline-flex' }}>
        <Sign size={15} stroke={1.7} color={color} aria-hidden="true" />
      </span>
    </Tooltip>
  )
}
