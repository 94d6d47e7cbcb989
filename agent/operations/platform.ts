import type { Event } from '../contract/event.ts'
import type { SourceBlobsReceived } from '../contract/source.ts'
import type { Builder } from '../core/ports/builder.ts'
import type { Clock } from '../core/ports/clock.ts'
import type { DynoExit, DynoRunner, DynoTerminal } from '../core/ports/dyno-runner.ts'
import type { LogStore } from '../core/ports/log-store.ts'
import type { Machine } from '../core/ports/machine.ts'
import type { RouterControl } from '../core/ports/router-control.ts'
import type { Signer } from '../core/ports/signer.ts'
import type { SlugStore } from '../core/ports/slug-store.ts'
import type { SourceStore } from '../core/ports/source-store.ts'
import type { Store } from '../core/ports/store.ts'
import type { Calls } from './call.ts'

/** All that the platform stands on. It owns none of them: whoever opened them closes them, after the platform. */
export interface PlatformPorts {
  readonly store: Store
  readonly runner: DynoRunner
  readonly router: RouterControl
  readonly builder: Builder
  readonly slugs: SlugStore
  readonly sources: SourceStore
  readonly logs: LogStore
  readonly machine: Machine
  readonly signer: Signer
  readonly clock: Clock
  /** Failures that no caller waits for, for the operator's journal. Never holds a secret. */
  readonly report: (problem: string, cause: unknown) => void
  readonly settings?: Partial<PlatformSettings>
}

export interface PlatformSettings {
  /** A web dyno must listen within (R10). */
  readonly bootTimeoutMs: number
  /** A dyno that does not listen counts as up when it lives this long. */
  readonly settleMs: number
  /** Requests in flight get this long before their dyno is stopped. */
  readonly drainMs: number
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** A release phase may take this long. */
  readonly releasePhaseMs: number
  /** A dyno that was up this long starts its back-off anew. */
  readonly stableMs: number
  readonly concurrentBuilds: number
}

/** A one-off dyno's terminal and its end. */
export interface AttachedDyno {
  readonly terminal: DynoTerminal
  readonly exit: Promise<DynoExit>
  /** Stops the dyno: its reader is gone. */
  detach(): Promise<void>
}

/** The whole of a server's behaviour, for the API to serve. */
export interface Platform {
  readonly calls: Calls
  /** Body of `putSourceBlobs`. */
  putSourceBlobs(app: string, manifest: string, body: AsyncIterable<Uint8Array>): Promise<SourceBlobsReceived>
  /** Body of `putSource`. */
  putSource(secret: string, body: AsyncIterable<Uint8Array>): Promise<void>
  /** A build's output, a release phase's, a log session; ends when it ends or when the signal aborts. */
  readStream(secret: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Throws `not_found` for a secret that is unknown or used. */
  attachDyno(secret: string): AttachedDyno
  /** Calls back for every event from now on; the function returned ends it. */
  subscribe(listener: (event: Event) => void): () => void
  /** Stops deciding; dynos keep running. */
  close(): Promise<void>
}
