import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'
import { newestRelease, returnTo, standingRelease } from './release.ts'

type Values = Record<string, string>
/** Null unsets. */
type Update = Record<string, string | null>

/** Each change is a release: a rollback takes it back, and before the first deploy, when there is none to go back to, its opposite. */
export async function changeConfigVars(summary: AppSummary, before: Values, update: Update): Promise<void> {
  const target = targetOf(summary)
  const last = await standingRelease(target)
  await apply(summary, update)
  const made = (await newestRelease(target))?.version
  if (made === undefined || made === last?.version) return
  const names = Object.keys(update)
  const said = doneWords.configVars(target.app, names, last?.release?.slug ? made : null)
  if (last?.release?.slug) offerUndo({ said, undo: () => returnTo(summary, last.version, made) })
  else offerUndo({ said, undo: () => reverse(summary, before, update) })
}

async function reverse(summary: AppSummary, before: Values, update: Update): Promise<void> {
  const target = targetOf(summary)
  const now = await bridge().call('configVars.get', target)
  const isSame = Object.entries(update).every(([name, value]) => (now[name] ?? null) === value)
  expectUnchanged(isSame, thingWords.configVars(target.app))
  await apply(summary, Object.fromEntries(Object.keys(update).map((name) => [name, before[name] ?? null])))
}

async function apply(summary: AppSummary, update: Update): Promise<void> {
  const target = targetOf(summary)
  setResource('configVars.get', target, await bridge().call('configVars.update', { ...target, update }))
}
