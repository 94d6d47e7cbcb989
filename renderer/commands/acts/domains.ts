import type { Target } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { doneWords } from '../notices/notice-words.ts'
import { offerUndo } from '../notices/undo.ts'

export async function addDomain(target: Target, hostname: string): Promise<void> {
  await bridge().call('domains.add', { ...target, hostname })
  const undo = () => bridge().call('domains.remove', { ...target, hostname })
  offerUndo({ said: doneWords.domainAdded(target.app, hostname), undo })
}

export async function removeDomain(target: Target, hostname: string): Promise<void> {
  await bridge().call('domains.remove', { ...target, hostname })
  const undo = () => bridge().call('domains.add', { ...target, hostname })
  offerUndo({ said: doneWords.domainRemoved(target.app, hostname), undo })
}
