import type { z } from 'zod'
import type { Role } from './access/role.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What travels as a body: JSON by a schema, raw bytes, or nothing. */
export type Body = z.ZodType | 'bytes' | 'none'

/**
 * What a request needs: a role on the path's app, or on the whole server. `anyone` with a valid token may ask, and is
 * shown what they may see; `sealed`: the secret in the path is the permission.
 */
export type Needs<Path extends string> = Path extends `/apps/{app}${string}`
  ? Role
  : `server ${Role}` | 'anyone' | 'sealed'

export type FieldNeeds<Request extends Body> = {
  readonly [Field in Request extends z.ZodType ? keyof z.output<Request> : never]?: Role
}

/**
 * Whose endpoint it is. 1: Heroku's, and every client needs it; 2: Heroku's, behind a feature of ours; 3: Heroku's, and
 * here it can only be empty. `extension`: Hearth's own, in the same style.
 */
export type Tier = 1 | 2 | 3 | 'extension'

export interface Endpoint<Path extends string, Request extends Body, Response extends Body> {
  readonly method: Method
  /** With `{name}` for each parameter. */
  readonly path: Path
  readonly needs: Needs<Path>
  /** What fields of the request need beyond that, on the path's app. */
  readonly fieldNeeds: FieldNeeds<Request>
  readonly tier: Tier
  /** Of one of Heroku's: what of it is not here, for the list of what is in and out; null when nothing is missing. */
  readonly partly: string | null
  /**
   * Of a list: the fields that a `Range` header may name, which `Accept-Ranges` tells; the first orders a request without
   * one. Empty: the list is always sent whole.
   */
  readonly ranges: readonly string[]
  readonly request: Request
  readonly response: Response
  /** Status of success. */
  readonly status: number
}

interface EndpointOptions<Path extends string, Request extends Body, Response extends Body> {
  needs: Needs<Path>
  fieldNeeds?: FieldNeeds<Request>
  tier?: Tier
  partly?: string
  ranges?: readonly string[]
  request?: Request
  response?: Response
  status?: number
}

export function endpoint<const Path extends string, Request extends Body, Response extends Body>(
  method: Method,
  path: Path,
  { needs, ...more }: EndpointOptions<Path, Request, Response>,
): Endpoint<Path, Request, Response> {
  return {
    method,
    path,
    needs,
    fieldNeeds: more.fieldNeeds ?? {},
    tier: more.tier ?? 'extension',
    partly: more.partly ?? null,
    ranges: more.ranges ?? [],
    request: (more.request ?? 'none') as Request,
    response: (more.response ?? 'none') as Response,
    status: more.status ?? 200,
  }
}

/** `/apps/{app}/dynos/{dyno}` -> `{app: string, dyno: string}` */
export type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [key in Name]: string } & PathParameters<Rest>
  : // biome-ignore lint/complexity/noBannedTypes: the empty object ends the intersection
    {}

export type RequestOf<E> =
  E extends Endpoint<string, infer Request, Body> ? (Request extends z.ZodType ? z.input<Request> : undefined) : never

export type ResponseOf<E> =
  E extends Endpoint<string, Body, infer Response>
    ? Response extends z.ZodType
      ? z.output<Response>
      : undefined
    : never

/** Fills a path's parameters, percent-encoded. */
export function renderPath(path: string, parameters: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new TypeError(`The path ${path} needs the parameter ${name}.`)
    return encodeURIComponent(value)
  })
}
