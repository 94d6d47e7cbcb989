import { VisuallyHidden } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import type { Server } from '../../../electron/bridge/contract.ts'

const label = 'Its agent can be upgraded'

/** Beside a server's name: quiet, because everything still works. */
export function UpgradeMark({ server }: { server: Pick<Server, 'age'> }) {
  if (server.age !== 'outdated') return null
  return (
    <span title={label} style={{ display: 'inline-flex', flex: 'none', color: 'var(--h-accent)' }}>
      <IconArrowUp size={13} stroke={2.2} aria-hidden="true" />
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  )
}
