import { create } from 'zustand'
import type { Bridge, Change } from '../../electron/bridge/contract.ts'
import { readNdjson } from '../lib/rpc/ndjson.ts'
import { applyChange, reloadEverything } from './resources.ts'

type Step = NonNullable<Change['step']>

/** The step that runs now, per app: what a scale, a release or a rollback is doing. */
export const useSteps = create<Record<string, Step>>(() => ({}))

const listeners = new Set<(change: Change) => void>()

export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Follows what changes until the bridge is gone. What was missed before is asked for again. */
export async function followChanges(bridge: Bridge): Promise<void> {
  const stream = bridge.open('changes', {})
  reloadEverything()
  for await (const change of readNdjson<Change>(stream.bytes)) {
    rememberStep(change)
    applyChange(change)
    for (const listener of listeners) listener(change)
  }
}

function rememberStep({ step, appId }: Change): void {
  if (!step || !appId) return
  if (step.state === 'running') useSteps.setState({ [appId]: step })
  else if (useSteps.getState()[appId]?.step === step.step) {
    const { [appId]: _, ...others } = useSteps.getState()
    useSteps.setState(others, true)
  }
}

export function useStep(appId: string | undefined): Step | undefined {
  return useSteps((steps) => (appId ? steps[appId] : undefined))
}
