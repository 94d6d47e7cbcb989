import type { Target } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

/** The whole list, in the order in which the next build runs it. */
export async function changeBuildpacks(target: Target, before: string[], after: string[]): Promise<void> {
  const made = await change(target, after)
  offerUndo({
    said: doneWords.buildpacks(target.app),
    async undo() {
      const now = urlsOf(await bridge().call('buildpacks.list', target))
      expectUnchanged(now.join('\n') === made.join('\n'), thingWords.buildpacks(target.app))
      await change(target, before)
    },
  })
}

async function change(target: Target, buildpacks: string[]): Promise<string[]> {
  const after = await bridge().call('buildpacks.update', { ...target, buildpacks })
  setResource('buildpacks.list', target, after)
  return urlsOf(after)
}

/** As the server has it: it may know `heroku/nodejs` by another name. */
const urlsOf = (list: { buildpack: { url: string } }[]) => list.map(({ buildpack }) => buildpack.url)
