import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import type { Target } from '../../lib/apps/target.ts'
import { ask } from '../actions/ask.tsx'
import { ReleaseDifference } from './release-difference.tsx'

interface Question {
  target: Target
  release: LedgerRelease
  current: number
  /** The newest older release that can be gone back to. */
  instead: LedgerRelease | undefined
  onConfirm: (version: number) => void
}

/** Asks, with what exactly would change; or says why there is no way back to that release, and offers the nearest one that there is a way to. */
export function confirmRollback(question: Question): void {
  if (question.release.rollbackObstacle) explainObstacle(question)
  else askForRelease(question)
}

function askForRelease({ target, release, current, onConfirm }: Question): void {
  ask({
    title: `Roll back to v${release.version}?`,
    children: (
      <>
        <Text size="sm" mb={12}>
          A new release repeats the slug and the config vars of v{release.version} ({release.description}). v{current}{' '}
          keeps serving until the new dynos listen, and stays in the ledger.
        </Text>
        {current > 0 && <ReleaseDifference target={target} from={current} to={release.version} isPlan />}
      </>
    ),
    isWide: true,
    confirm: 'Roll back',
    onConfirm: () => onConfirm(release.version),
  })
}

function explainObstacle({ release, instead, onConfirm }: Question): void {
  const { version, rollbackObstacle, reason } = release
  const title = `v${version} can’t be rolled back to`
  const children = (
    <>
      <Text size="sm">
        {capitalize(rollbackObstacle ?? '')}
        {reason ? ': ' : '.'}
        {reason && <span style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{reason}</span>}
      </Text>
      {instead && (
        <Text size="sm" mt={8}>
          The nearest release before it that you can go back to is v{instead.version} ({instead.description}).
        </Text>
      )}
    </>
  )
  if (instead)
    ask({
      title,
      children,
      confirm: `Roll back to v${instead.version}`,
      cancel: 'Close',
      onConfirm: () => onConfirm(instead.version),
    })
  else modals.open({ title, children })
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
