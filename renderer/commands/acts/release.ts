import type { AppSummary, CallResult, LedgerRelease } from '../../../electron/bridge/contract.ts'
import { type Target, targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

/** A rollback is a release, so a rollback takes it back. */
export async function rollBack(summary: AppSummary, version: number): Promise<CallResult<'releases.rollback'>> {
  const target = targetOf(summary)
  const before = await standingRelease(target)
  const release = await bridge().call('releases.rollback', { ...target, version })
  if (before?.release?.slug) {
    const said = doneWords.rolledBack(target.app, version, release.version)
    offerUndo({ said, undo: () => returnTo(summary, before.version, release.version) })
  }
  return release
}

/** The newest one, which may not serve yet: a change answers before its release does. Asked for, since a screen may show an older. */
export async function newestRelease(target: Target): Promise<LedgerRelease | undefined> {
  return (await bridge().call('releases.list', target))[0]
}

/** The newest that did not fail: what a change made now replaces. */
export async function standingRelease(target: Target): Promise<LedgerRelease | undefined> {
  return (await bridge().call('releases.list', target)).find(({ release }) => release?.status !== 'failed')
}

/** Goes back from the release that an act made to the one before; not over a release that somebody made after it. */
export async function returnTo(summary: AppSummary, before: number, made: number): Promise<void> {
  const target = targetOf(summary)
  const newest = await newestRelease(target)
  expectUnchanged(newest?.version === made, thingWords.release(target.app))
  await bridge().call('releases.rollback', { ...target, version: before })
}
