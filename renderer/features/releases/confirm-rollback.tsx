import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'

interface Question {
  release: LedgerRelease
  current: number
  onConfirm: () => void
}

export function confirmRollback({ release, current, onConfirm }: Question): void {
  modals.openConfirmModal({
    title: `Roll back to v${release.version}?`,
    children: (
      <Text size="sm">
        A new release repeats the slug and the config vars of v{release.version} ({release.description}). v{current}{' '}
        keeps serving until the new dynos listen, and stays in the ledger.
      </Text>
    ),
    labels: { confirm: 'Roll back', cancel: 'Keep' },
    onConfirm,
  })
}
