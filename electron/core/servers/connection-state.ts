/** Where the connection to a server stands. `retryAt` and `since` are Unix milliseconds. */
export type ConnectionState =
  | { readonly state: 'connecting'; readonly attempt: number; readonly reason: string | null }
  | { readonly state: 'online'; readonly latencyMs: number | null }
  | { readonly state: 'offline'; readonly attempt: number; readonly reason: string; readonly retryAt: number }
  | { readonly state: 'host-key-changed'; readonly reason: string; readonly fingerprint: string }
  | { readonly state: 'needs-install'; readonly reason: string }
  /** The SSH inside Hearth can't; this computer's own may, if the user wants it. */
  | { readonly state: 'needs-system-ssh'; readonly reason: string }

export type ConnectionEvent =
  | { readonly kind: 'connected'; readonly latencyMs: number | null }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryInMs: number; readonly now: number }
  | { readonly kind: 'host-key-changed'; readonly reason: string; readonly fingerprint: string }
  /** sshd lets nobody in with our key, or there is no agent behind it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'needs-system-ssh'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryInMs: number; readonly now: number }
  | { readonly kind: 'retry' }

export const initialState: ConnectionState = { state: 'connecting', attempt: 0, reason: null }

/** The one place where the state changes. What a human must decide first is never retried by itself. */
export function next(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.kind) {
    case 'connected':
      return { state: 'online', latencyMs: event.latencyMs }
    case 'failed': {
      const attempt = state.state === 'connecting' ? state.attempt + 1 : 1
      return { state: 'offline', attempt, reason: event.reason, retryAt: event.now + event.retryInMs }
    }
    case 'lost':
      return { state: 'offline', attempt: 0, reason: event.reason, retryAt: event.now + event.retryInMs }
    case 'host-key-changed':
      return { state: 'host-key-changed', reason: event.reason, fingerprint: event.fingerprint }
    case 'refused':
      return { state: 'needs-install', reason: event.reason }
    case 'needs-system-ssh':
      return { state: 'needs-system-ssh', reason: event.reason }
    case 'retry':
      return state.state === 'offline'
        ? { state: 'connecting', attempt: state.attempt, reason: state.reason }
        : { state: 'connecting', attempt: 0, reason: null }
  }
}

/** Attempts so far, for the back-off. */
export function attemptsOf(state: ConnectionState): number {
  return state.state === 'connecting' || state.state === 'offline' ? state.attempt : 0
}
