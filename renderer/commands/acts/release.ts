import type { AppSummary, CallResult } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { doneWords, thingWords } from '../notice-words.ts'
import { expectUnchanged, offerUndo } from '../undo.ts'

/** A rollback is a release, so a rollback takes it back. */
export async function rollBack(summary: AppSummary, version: number): Promise<CallResult<'releases.rollback'>> {
  const release = await bridge().call('releases.rollback', { ...targetOf(summary), version })
  const before = summary.release?.version
  if (before !== undefined && summary.release?.slug) {
    const said = doneWords.rolledBack(summary.app.name, version, release.version)
    offerUndo({ said, undo: () => returnTo(summary, before, release.version) })
  }
  return release
}

/** Goes back from the release that an act made to the one before; not over a release that somebody made after it. */
export async function returnTo(summary: AppSummary, before: number, made: number): Promise<void> {
  const target = targetOf(summary)
  const now = await bridge().call('apps.get', target)
  expectUnchanged(now.release?.version === made, thingWords.release(target.app))
  await bridge().call('releases.rollback', { ...target, version: before })
}
