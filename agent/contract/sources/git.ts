// NOTE: no schema library here: this is loaded by each SSH login, and the library takes longer than that does.

/** The two halves of git's protocol that a client may ask for: to push, and to fetch. */
export const gitServices = ['git-receive-pack', 'git-upload-pack'] as const
export type GitService = (typeof gitServices)[number]

/**
 * How a service is spoken. *session*: both ways until git ends, as over SSH. *advertise* and *rpc*: the two stateless
 * halves of HTTP, the first without a request body. https://git-scm.com/docs/http-protocol
 */
export const gitModes = ['session', 'advertise', 'rpc'] as const
export type GitMode = (typeof gitModes)[number]

/** Headers and trailers of a git request; values of `message` and `notice` are percent-encoded. */
export const gitHeaders = {
  /** Request: a mode; `session` when it is missing. */
  mode: 'hearth-git',
  /** Request: what the client has in GIT_PROTOCOL, `version=2`. */
  protocol: 'git-protocol',
  /** Informational answers before the real one, for the user's eyes: why nothing happens yet. */
  notice: 'hearth-notice',
  /** Trailer: git's exit status. */
  exitCode: 'hearth-exit-code',
  /** Trailer: what git, or the agent about it, had to say besides; for the client's standard error. */
  message: 'hearth-message',
} as const

/** `version=2` as git sends it; whatever else stands in that variable or header is not for our git. */
export function isGitProtocol(text: string): boolean {
  return /^version=[0-2]$/.test(text)
}
