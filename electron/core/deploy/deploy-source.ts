import { HearthError } from '../../../agent/contract/errors.ts'
import type { Checkout } from '../git/git-checkouts.ts'

/** A folder to deploy, and what its version is called. */
export interface DeploySource {
  readonly path: string
  /** The commit. */
  readonly version?: string
  /** Branch and first line of the commit's message. */
  readonly description?: string
}

/** Images that the server has or fetches: nothing is sent. */
export interface ImageSource {
  /** `docker://registry.example/shop:1`, or those that were pushed: `images:web=sha256:…,worker=sha256:…`. */
  readonly url: string
}

const maximumDescription = 300

export function sourceOfCheckout({ path, branch, commit, subject }: Checkout): DeploySource {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new HearthError('internal', 'git told no commit.')
  return { path, version: commit, description: `${branch}: ${subject}`.slice(0, maximumDescription) }
}
