import type { z } from 'zod'
import type { PathParameters, RequestOf, ResponseOf } from '../../../agent/contract/endpoint.ts'
import type { EndpointName, Endpoints } from '../../../agent/contract/endpoints.ts'
import type { Event } from '../../../agent/contract/event.ts'
import type { SourceBlobsReceived } from '../../../agent/contract/sources/source.ts'

/** The endpoints whose bodies are bytes; each has a method of its own. */
export type StreamName = 'putSourceBlobs' | 'followEvents' | 'readStream' | 'attachDyno' | 'putSource'
export type CallName = Exclude<EndpointName, StreamName>

/** The body, for the endpoints that take one. */
export type CallBody<Name extends CallName> = Endpoints[Name]['request'] extends z.ZodType
  ? [body: RequestOf<Endpoints[Name]>]
  : []

/** One server's agent over one connection. Everything it throws is a HearthError. */
export interface Agent {
  call<Name extends CallName>(
    name: Name,
    parameters: PathParameters<Endpoints[Name]['path']>,
    ...body: CallBody<Name>
  ): Promise<ResponseOf<Endpoints[Name]>>
  /** The bytes behind a URL that a build, a release or a log session named. Ending the iteration ends the stream. */
  readStream(url: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Until the connection ends or the signal aborts; whoever follows does it again after a reconnect. */
  followEvents(signal: AbortSignal): AsyncIterable<Event>
  /** Starts a one-off dyno by its `attach_url` and joins its terminal. */
  attach(url: string, wanted: WantedTerminal): Promise<AttachedTerminal>
  /** `onSent` is called with the bytes that left so far. */
  putSourceBlobs(
    parameters: { app: string; manifest: string },
    blobs: AsyncIterable<Uint8Array>,
    options: { signal: AbortSignal; onSent: (sentBytes: number) => void },
  ): Promise<SourceBlobsReceived>
  /** Milliseconds there and back. */
  ping(): Promise<number>
  /** Resolves when the connection is over, with the reason when it was not ours. */
  readonly closed: Promise<Error | null>
  close(): Promise<void>
}

/** Pipes with `onErrors` keep standard error apart; the next bytes come when it has taken these. */
export type WantedTerminal =
  | { readonly kind: 'pty'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'pipes'; readonly onErrors?: (bytes: Uint8Array) => Promise<void> }

export interface AttachedTerminal {
  readonly output: AsyncIterable<Uint8Array>
  /** Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>
  /** No more input. */
  end(): void
  /** What a shell would say; rejects when the connection was lost first. */
  readonly exitCode: Promise<number>
  /** Stops the dyno. */
  close(): void
}
