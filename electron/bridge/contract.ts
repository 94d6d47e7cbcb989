import { z } from 'zod'
import { calls as accessCalls } from './contract-access.ts'
import { calls as appCalls } from './contract-apps.ts'
import { calls as clientCalls, streams as clientStreams } from './contract-client.ts'
import { calls as deployCalls, streams as deployStreams } from './contract-deploys.ts'
import { calls as desktopCalls, streams as desktopStreams } from './contract-desktop.ts'
import { calls as diagnosticsCalls } from './contract-diagnostics.ts'
import { calls as domainCalls } from './contract-domains.ts'
import { calls as logCalls } from './contract-logs.ts'
import { calls as metricsCalls } from './contract-metrics.ts'
import { calls as serverCalls, streams as serverStreams } from './contract-servers.ts'
import { calls as settingsCalls } from './contract-settings.ts'
import { calls as shellCalls, streams as shellStreams } from './contract-shell.ts'
import { calls as trustCalls } from './contract-trust.ts'

/**
 * All that the renderer knows of the world. A call has parameters and one result; a stream has parameters, bytes both
 * ways with back-pressure, and a result when it ends. Parameters and results are checked at the bridge's door.
 */
export const calls = {
  ...serverCalls,
  ...logCalls,
  ...metricsCalls,
  ...appCalls,
  ...domainCalls,
  ...deployCalls,
  ...desktopCalls,
  ...diagnosticsCalls,
  ...clientCalls,
  ...accessCalls,
  ...shellCalls,
  ...settingsCalls,
  ...trustCalls,
} as const
export const streams = {
  ...serverStreams,
  ...deployStreams,
  ...desktopStreams,
  ...clientStreams,
  ...shellStreams,
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallParameters<N extends CallName> = z.input<Calls[N]['parameters']>
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>

export type Streams = typeof streams
export type StreamName = keyof Streams
export type StreamParameters<N extends StreamName> = z.input<Streams[N]['parameters']>
export type StreamResult<N extends StreamName> = z.output<Streams[N]['result']>

/** How an error crosses the bridge: Electron drops error fields, so it travels as a value. */
export const errorEnvelope = z.strictObject({
  /** An id of agent/contract/errors.ts. */
  id: z.string(),
  /** What failed, on what, why, and what to do. */
  message: z.string(),
  /** For a "copy details" button; holds no secret. */
  detail: z.string().nullable(),
})
export type ErrorEnvelope = z.infer<typeof errorEnvelope>

/** One open stream as both sides of the bridge see it. `write` resolves when the other side has room for more. */
export interface BridgeStream<Result> {
  readonly bytes: ReadableStream<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  /** No more bytes from this side. */
  end(): void
  /** Ends both sides; what the stream does (a terminal, a log tail) stops. */
  cancel(): void
  /** Rejects with an ErrorEnvelope. */
  readonly result: Promise<Result>
}

/** What the renderer calls. Rejections are ErrorEnvelopes. */
export interface Bridge {
  call<N extends CallName>(name: N, parameters: CallParameters<N>): Promise<CallResult<N>>
  open<N extends StreamName>(name: N, parameters: StreamParameters<N>): BridgeStream<StreamResult<N>>
}

/** What only Electron can do; absent in the browser shell. Exposed by the preload as `window.hearthNative`. */
export interface NativeDoor {
  /** The path of a dropped File or folder. */
  pathForFile(file: File): string
  /** Hands over the bridge's port: the renderer gets a `MessagePort` by `window` message `hearth-bridge`. */
  openBridge(): void
}

export type * from './contract-access.ts'
export type * from './contract-apps.ts'
export type * from './contract-client.ts'
export type * from './contract-deploys.ts'
export type * from './contract-desktop.ts'
export type * from './contract-domains.ts'
export type * from './contract-logs.ts'
export type * from './contract-metrics.ts'
export type * from './contract-servers.ts'
export type * from './contract-settings.ts'
export type * from './contract-shell.ts'
export type * from './contract-trust.ts'
