import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { type Target, targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

export async function setMaintenance(summary: AppSummary, isOn: boolean): Promise<void> {
  const target = targetOf(summary)
  await change(target, isOn)
  offerUndo({
    said: doneWords.maintenance(target.app, isOn),
    async undo() {
      const { app } = await bridge().call('apps.get', target)
      expectUnchanged(app.maintenance === isOn, thingWords.maintenance(target.app))
      await change(target, !isOn)
    },
  })
}

async function change(target: Target, maintenance: boolean): Promise<void> {
  setResource('apps.get', target, await bridge().call('apps.update', { ...target, update: { maintenance } }))
}
