import { IconArrowBackUp, IconGitCommit } from '@tabler/icons-react'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import { confirmRollback } from '../../components/release/confirm-rollback.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { rollBack } from '../acts/release.ts'
import { define } from '../command.ts'

export const releaseCommands = define('release', {
  'roll-back': {
    icon: IconArrowBackUp,
    needs: 'deploy',
    isShown: ({ summary, release }) =>
      release.version !== summary.release?.version && release.release?.status !== 'pending',
    ask({ summary, release, releases }, proceed) {
      const current = summary.release?.version ?? 0
      const instead = releases.find((older) => isBefore(older, release) && older.version !== current)
      const onConfirm = (version: number) =>
        proceed({ summary, releases, release: releases.find((each) => each.version === version) ?? release })
      confirmRollback({ target: targetOf(summary), release, current, instead, onConfirm })
    },
    run: ({ summary, release }) => rollBack(summary, release.version),
  },
  'copy-commit': {
    icon: IconGitCommit,
    isShown: ({ release }) => release.commit !== null,
    run: ({ release }) => navigator.clipboard.writeText(release.commit ?? ''),
  },
})

/** Newest first in the list, so the first one that this holds for is the nearest. */
function isBefore(older: LedgerRelease, release: LedgerRelease): boolean {
  return older.version < release.version && older.release?.eligible_for_rollback === true
}
