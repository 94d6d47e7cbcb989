import type { CallResult } from '../../../electron/bridge/contract.ts'
import type { Scaled } from '../../lib/apps/memory-plan.ts'
import type { Target } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

type Process = CallResult<'formation.list'>[number]

/** Changes how many dynos of which size a process type has. */
export async function scale(target: Target, { type, quantity, size }: Process, to: Scaled): Promise<void> {
  const from = { quantity, size }
  await change(target, type, from, to)
  const said = doneWords.scaled(target.app, type, describe(from, to), describe(to, from))
  offerUndo({
    said,
    async undo() {
      const now = (await bridge().call('formation.list', target)).find((each) => each.type === type)
      expectUnchanged(now?.quantity === to.quantity && now.size === to.size, thingWords.formation(target.app, type))
      await change(target, type, to, from)
    },
  })
}

async function change(target: Target, type: string, from: Scaled, to: Scaled): Promise<void> {
  const update = {
    type,
    ...(to.quantity === from.quantity ? {} : { quantity: to.quantity }),
    ...(to.size === from.size ? {} : { size: to.size }),
  }
  const after = await bridge().call('formation.update', { ...target, updates: [update] })
  setResource('formation.list', target, after)
}

/** The size only where it is what changes. */
const describe = ({ quantity, size }: Scaled, other: Scaled) =>
  size === other.size ? String(quantity) : `${quantity} × ${size}`
