import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What travels as a body: JSON by a schema, raw bytes, or nothing. */
export type Body = z.ZodType | 'bytes' | 'none'

/**
 * What somebody may do, each including those before it. *view*: read everything but the values of config vars. *deploy*:
 * builds, sources, releases, git, buildpacks, config vars. *operate*: scale, restart, run, domains, maintenance.
 * *manage*: rename, destroy, and who else may use it.
 */
export const roles = ['view', 'deploy', 'operate', 'manage'] as const
export type Role = (typeof roles)[number]

/**
 * What a request needs: a role on the path's app, or on the whole server. `anyone` with a valid token may ask, and is
 * shown what they may see; `sealed`: the secret in the path is the permission.
 */
export type Needs<Path extends string> = Path extends `/apps/{app}${string}`
  ? Role
  : `server ${Role}` | 'anyone' | 'sealed'

export interface Endpoint<Path extends string, Request extends Body, Response extends Body> {
  readonly method: Method
  /** With `{name}` for each parameter. */
  readonly path: Path
  /** NOTE: stated, not yet enforced: so far every key manages the whole server. */
  readonly needs: Needs<Path>
  readonly request: Request
  readonly response: Response
  /** Status of success. */
  readonly status: number
}

export function endpoint<const Path extends string, Request extends Body, Response extends Body>(
  method: Method,
  path: Path,
  { needs, ...body }: { needs: Needs<Path>; request?: Request; response?: Response; status?: number },
): Endpoint<Path, Request, Response> {
  return {
    method,
    path,
    needs,
    request: (body.request ?? 'none') as Request,
    response: (body.response ?? 'none') as Response,
    status: body.status ?? 200,
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
