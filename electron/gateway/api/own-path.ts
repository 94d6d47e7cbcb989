/** What the gateway makes of a path. */
export type OwnPath =
  /** Proves to another Hearth of the same user that this port is ours. */
  | { readonly kind: 'identity' }
  /** Holds its permission: a stream's output, a source's tarball. */
  | { readonly kind: 'sealed' }
  /** A terminal; opened by an upgrade only. */
  | { readonly kind: 'attach'; readonly secret: string }
  /** The buildpacks that the server brings along, no secret: the stock client asks without its token. */
  | { readonly kind: 'buildpacks' }
  | { readonly kind: 'git'; readonly app: string; readonly rest: string }
  | { readonly kind: 'api' }

export const identityPath = '/hearth/gateway'

/** That of a log session carries what it stands for. */
const secret = String.raw`[\w-]{16,1024}`
const sealed = new RegExp(`^/(streams|source-blobs)/${secret}$`)
const attach = new RegExp(`^/attach/(?<secret>${secret})$`)
const buildpacks = /^\/buildpacks(\/[\w.%-]+)?$/
const git = /^\/(?<app>[a-z0-9-]{1,64})\.git\/(?<rest>.*)$/
/** An id or a name; neither has a percent sign, a dot or a slash in it. */
const appPath = /^\/(teams\/)?apps\/(?<app>[^/]+)/
const appIdentity = /^[\w-]{1,64}$/

export function parseOwnPath(path: string): OwnPath {
  if (path === identityPath) return { kind: 'identity' }
  if (sealed.test(path)) return { kind: 'sealed' }
  if (buildpacks.test(path)) return { kind: 'buildpacks' }
  const terminal = attach.exec(path)?.groups
  if (terminal) return { kind: 'attach', secret: terminal.secret ?? '' }
  const repository = git.exec(path)?.groups
  if (repository) return { kind: 'git', app: repository.app ?? '', rest: repository.rest ?? '' }
  return { kind: 'api' }
}

/**
 * What is wrong with a request's target as a sentence; null for a plain path. The agent is handed what the client wrote,
 * so nothing may pass that one of them could read as another path than the other.
 */
export function explainTarget(target: string): string | null {
  if (!target.startsWith('/')) return 'The target is no path.'
  if (!/^[!-~]*$/.test(target) || /[\\#]/.test(target)) return 'The path holds characters that no path has.'
  const path = target.split('?')[0] ?? ''
  if (/%(?![0-9a-f]{2})/i.test(target)) return 'The path is not percent-encoded as it should be.'
  if (path.split('/').some(isDots)) return 'The path leads up.'
  const app = appPath.exec(path)?.groups?.app
  if (app !== undefined && !appIdentity.test(app)) return 'That is neither the name nor the id of an app.'
  return null
}

/** `.` and `..`, however they are written. */
function isDots(part: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(part)
}
