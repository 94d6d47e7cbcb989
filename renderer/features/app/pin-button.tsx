import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPin, IconPinFilled } from '@tabler/icons-react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { appCommands } from '../../commands/places/app-commands.ts'
import { useCommand } from '../../commands/use-command.ts'
import { isPinned } from '../../stores/pinned.ts'
import { useResource } from '../../stores/resources.ts'

/** Keeps the app at the top of the sidebar. */
export function PinButton({ summary }: { summary: AppSummary }) {
  const pin = useCommand(appCommands.pin, { summary })
  if (!useResource('settings.get', {}).data) return null
  const Sign = isPinned(summary) ? IconPinFilled : IconPin
  return (
    <Tooltip label={pin.label}>
      <ActionIcon size={26} aria-label={pin.label} onClick={pin.start}>
        <Sign size={15} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  )
}
