import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPin, IconPinFilled } from '@tabler/icons-react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { usePin } from '../../stores/pinned.ts'

/** Keeps the app at the top of the sidebar. */
export function PinButton({ summary }: { summary: AppSummary }) {
  const pin = usePin(summary)
  if (!pin) return null
  const label = pin.isPinned ? 'Unpin from the sidebar' : 'Pin to the sidebar'
  const Sign = pin.isPinned ? IconPinFilled : IconPin
  return (
    <Tooltip label={label}>
      <ActionIcon size={26} aria-label={label} onClick={() => void pin.toggle()}>
        <Sign size={15} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  )
}
