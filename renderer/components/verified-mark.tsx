import { Tooltip } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'

/** Whether a release's link in the ledger holds: its hash, the server's signature, and the link before. */
export function VerifiedMark({ isVerified }: { isVerified: boolean }) {
  const label = isVerified
    ? 'Verified: hash, signature and the release before it hold'
    : 'Not verified: its hash, its signature or the release before it does not hold'
  const Sign = isVerified ? IconShieldCheck : IconShieldX
  return (
    <Tooltip label={label}>
      <span role="img" aria-label={label} style={{ display: 'inline-flex' }}>
        <Sign size={15} stroke={1.7} color={isVerified ? 'var(--h-ok)' : 'var(--h-bad)'} aria-hidden="true" />
      </span>
    </Tooltip>
  )
}
