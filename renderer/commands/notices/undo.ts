import { notifications } from '@mantine/notifications'
import { create } from 'zustand'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../../lib/error.ts'
import { noticeWords } from './notice-words.ts'
import { tellDone, tellFailure, tellUndone } from './notices.tsx'

/** Something that was done and can be taken back. */
export interface Done {
  /** What was done, with its object: `corner-shop: web scaled from 1 to 3`. */
  said: string
  /** The opposite. Rejects with an ErrorEnvelope where somebody else has changed it since. */
  undo: () => Promise<unknown>
}

interface Kept extends Done {
  id: string
}

/** Nobody remembers further back what Ctrl Z would do. */
const keptMost = 20

/** The last one stands last. */
const useDone = create<{ kept: Kept[] }>(() => ({ kept: [] }))

export const lastDone = (): Done | undefined => useDone.getState().kept.at(-1)

let count = 0

/** Tells that it is done, with a way back: in the notice, and by Ctrl Z as long as nothing was done after it. */
export function offerUndo(done: Done): void {
  const each = { ...done, id: `done-${++count}` }
  // One way back at a time in sight; those before it are reached by Ctrl Z.
  const before = useDone.getState().kept.at(-1)
  if (before) notifications.hide(before.id)
  useDone.setState(({ kept }) => ({ kept: [...kept, each].slice(-keptMost) }))
  tellDone(each.id, done.said, () => void undo(each))
}

/** Takes back the last thing that can be. */
export async function undoLast(): Promise<void> {
  const last = useDone.getState().kept.at(-1)
  if (last) await undo(last)
}

/** Once: what has been taken back, or could not be, is not tried again. */
async function undo(each: Kept): Promise<void> {
  if (!useDone.getState().kept.includes(each)) return
  useDone.setState(({ kept }) => ({ kept: kept.filter((other) => other !== each) }))
  notifications.hide(each.id)
  try {
    await each.undo()
    tellUndone(each.said)
  } catch (thrown) {
    tellFailure(noticeWords.undoOf(each.said), asEnvelope(thrown))
  }
}

/** Refuses where taking back would take away what somebody else has done meanwhile. */
export function expectUnchanged(isUnchanged: boolean, what: string): void {
  if (isUnchanged) return
  const refusal: ErrorEnvelope = { id: 'conflict', message: noticeWords.changedSince(what), detail: null }
  throw refusal
}
