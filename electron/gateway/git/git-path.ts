import { type GitMode, type GitService, gitServices } from '../../../agent/contract/sources/git.ts'

export interface GitRequest {
  readonly service: GitService
  /** Which of the two stateless halves of git's protocol over HTTP. https://git-scm.com/docs/http-protocol */
  readonly mode: Exclude<GitMode, 'session'>
}

/** What is asked of a repository; null for what the smart protocol does not have, the old dumb one among it. */
export function parseGitRequest(method: string, rest: string, query: URLSearchParams): GitRequest | null {
  const service = query.get('service') ?? ''
  if (method === 'GET' && rest === 'info/refs' && isService(service)) return { service, mode: 'advertise' }
  if (method === 'POST' && isService(rest)) return { service: rest, mode: 'rpc' }
  return null
}

function isService(name: string): name is GitService {
  return (gitServices as readonly string[]).includes(name)
}
