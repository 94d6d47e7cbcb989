import type { z } from 'zod'
import type { PathParameters, ResponseOf } from '../contract/endpoint.ts'
import type { EndpointName, Endpoints } from '../contract/endpoints.ts'
import type { Caller } from '../core/ports/access/actor.ts'
import type { Range } from '../core/range.ts'

/** The endpoints whose bodies are streams; the platform has a method of its own for each. */
type StreamName =
  | 'putSourceBlobs'
  | 'followEvents'
  | 'readStream'
  | 'attachDyno'
  | 'putSource'
  | 'receivePack'
  | 'uploadPack'

/** The endpoints that take and give JSON: the platform answers each by a function of the same name. */
export type CallName = Exclude<EndpointName, StreamName>

type BodyOf<E> = E extends { readonly request: infer Request }
  ? Request extends z.ZodType
    ? z.output<Request>
    : undefined
  : undefined

/** One checked request: who asks, the path's parameters, the body as its schema gives it. */
export interface CallRequest<Name extends CallName> {
  readonly actor: Caller
  readonly parameters: PathParameters<Endpoints[Name]['path']>
  readonly body: BodyOf<Endpoints[Name]>
  /** Of a list: what is asked for. Items that are neither on its page nor the next one may be left out. */
  readonly range?: Range | undefined
  /** Says something beside the answer, in a header: what nothing tells again. */
  readonly tell?: ((header: string, value: string) => void) | undefined
}

/**
 * A function for every call of the contract. URLs in the answers are paths (`/streams/...`): whoever serves them puts
 * in front what the client reaches it by.
 */
export type Calls = {
  readonly [Name in CallName]: (request: CallRequest<Name>) => Promise<ResponseOf<Endpoints[Name]>>
}
