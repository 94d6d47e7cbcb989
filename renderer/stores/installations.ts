import { create } from 'zustand'
import type {
  Authentication,
  BridgeStream,
  ErrorEnvelope,
  InstallEvent,
  Server,
} from '../../electron/bridge/contract.ts'
import { asEnvelope } from '../lib/error.ts'
import { applyInstallEvent, type InstallState, noInstallYet } from '../lib/install-state.ts'
import { readNdjson } from '../lib/rpc/ndjson.ts'
import { bridge } from './bridge.ts'

export interface Login {
  authentication: Authentication
  sudoPassword?: string
}

/** An installation of the agent. It goes on while the user looks at other screens, and can be looked at again. */
export interface Installation {
  startedAt: number
  progress: InstallState
  outcome: { state: 'running' } | { state: 'done' } | { state: 'failed'; error: ErrorEnvelope }
}

/** By the server's id; at most one for each. */
export const useInstallations = create<Record<string, Installation>>(() => ({}))

interface Started {
  stream: BridgeStream<Server>
  /** For another attempt; kept no longer than that may be wanted. */
  login: Login
}

const started = new Map<string, Started>()

export const useInstallation = (serverId: string): Installation | undefined => useInstallations((all) => all[serverId])

export function startInstallation(serverId: string, login: Login): void {
  if (useInstallations.getState()[serverId]?.outcome.state === 'running') return
  const stream = bridge().open('servers.install', { serverId, ...login })
  started.set(serverId, { stream, login })
  const begun: Installation = { startedAt: Date.now(), progress: noInstallYet, outcome: { state: 'running' } }
  useInstallations.setState({ [serverId]: begun })
  follow(serverId, stream).then(
    () => {
      started.delete(serverId)
      patch(serverId, { outcome: { state: 'done' } })
    },
    (error) => patch(serverId, { outcome: { state: 'failed', error: asEnvelope(error) } }),
  )
}

export function retryInstallation(serverId: string): void {
  const login = started.get(serverId)?.login
  if (login) startInstallation(serverId, login)
}

/** Stops between two steps. */
export function cancelInstallation(serverId: string): void {
  started.get(serverId)?.stream.cancel()
}

/** One that has ended was seen: the next visit begins anew. */
export function closeInstallation(serverId: string): void {
  const { [serverId]: closed, ...others } = useInstallations.getState()
  if (!closed || closed.outcome.state === 'running') return
  started.delete(serverId)
  useInstallations.setState(others, true)
}

async function follow(serverId: string, stream: BridgeStream<Server>): Promise<void> {
  for await (const event of readNdjson<InstallEvent>(stream.bytes)) {
    const before = useInstallations.getState()[serverId]?.progress ?? noInstallYet
    patch(serverId, { progress: applyInstallEvent(before, event) })
  }
  await stream.result
}

function patch(serverId: string, change: Partial<Installation>): void {
  const now = useInstallations.getState()[serverId]
  if (now) useInstallations.setState({ [serverId]: { ...now, ...change } })
}

/** What an installation does now, in words: `Make the stack`. */
export function describeInstallation({ progress, outcome }: Installation): string {
  if (outcome.state === 'failed') return 'The installation stopped.'
  const step = progress.steps.find(({ state }) => state === 'running')?.name
  return step ? `Hearth is being installed: ${step}.` : 'Hearth is being installed.'
}
