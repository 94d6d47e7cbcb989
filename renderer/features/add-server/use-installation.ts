import { useEffect, useRef, useState } from 'react'
import type { ErrorEnvelope, InstallEvent, Server } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../../lib/error.ts'
import { readNdjson } from '../../lib/ndjson.ts'
import { bridge } from '../../stores/bridge.ts'
import type { Login } from './add-server.tsx'
import { applyInstallEvent, noInstallYet } from './install-state.ts'

type Outcome = { state: 'running' } | { state: 'done' } | { state: 'failed'; error: ErrorEnvelope }

/** Runs the installation once for each attempt and tells how far it is. Leaving the screen lets it go on. */
export function useInstallation(server: Server, login: Login, attempt: number) {
  const [progress, setProgress] = useState(noInstallYet)
  const [outcome, setOutcome] = useState<Outcome>({ state: 'running' })
  const cancel = useRef<() => void>(() => undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt is what starts it
  useEffect(() => {
    setProgress(noInstallYet)
    setOutcome({ state: 'running' })
    const stream = bridge().open('servers.install', { serverId: server.id, ...login })
    cancel.current = () => stream.cancel()
    const follow = async () => {
      for await (const event of readNdjson<InstallEvent>(stream.bytes))
        setProgress((before) => applyInstallEvent(before, event))
      await stream.result
    }
    follow().then(
      () => setOutcome({ state: 'done' }),
      (error) => setOutcome({ state: 'failed', error: asEnvelope(error) }),
    )
  }, [attempt])
  return { progress, outcome, cancel: () => cancel.current() }
}
