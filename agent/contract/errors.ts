import type { ErrorBody } from './error-body.ts'

// NOTE: no schema library here: this is loaded by the router and by each SSH login, and the library takes longer than they do.

/**
 * The closed list of error ids, in Heroku's spelling where Heroku has one. A code is added only when a caller acts
 * on it. Source of Heroku's: https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export const errorStatus = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  invalid_params: 422,
  confirmation_required: 422,
  build_failed: 422,
  disk_full: 507,
  disk_failed: 507,
  rate_limit: 429,
  internal: 500,
  unavailable: 503,
  /** On the desktop only: the SSH inside Hearth can't do what the host or the key wants, the computer's own may. */
  needs_system_ssh: 503,
} as const

export type ErrorId = keyof typeof errorStatus

/**
 * The one error class of agent and desktop. The message says what failed, on what, why, and what to do; it never
 * holds a secret. `detail` is for the operator's log and is not sent.
 */
export class HearthError extends Error {
  readonly id: ErrorId
  readonly resource: string | undefined
  readonly detail: string | undefined

  constructor(id: ErrorId, message: string, options: { resource?: string; detail?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'HearthError'
    this.id = id
    this.resource = options.resource
    this.detail = options.detail
  }

  get status(): number {
    return errorStatus[this.id]
  }

  toBody(): ErrorBody {
    return { id: this.id, message: this.message, ...(this.resource ? { resource: this.resource } : {}) }
  }
}

/** The error for something that is not there, in the wording that the stock client prints. */
export function notFound(resource: string, identity: string): HearthError {
  return new HearthError('not_found', `Couldn't find that ${resource}: ${identity}.`, { resource })
}
