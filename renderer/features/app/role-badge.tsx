import { Badge, Tooltip } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { describeRole } from '../../lib/role.ts'
import { useAppRole } from '../../stores/access.ts'

/** What keeps somebody from doing all there is to do here; nothing for whoever may. */
export function RoleBadge({ summary }: { summary: AppSummary }) {
  const own = useAppRole(summary)
  if (!own || own.role === 'manage') return null
  return (
    <Tooltip label={`${describeRole(own.role)} ${own.givers} can give more.`} multiline w={280}>
      <Badge color="gray">your role: {own.role}</Badge>
    </Tooltip>
  )
}
