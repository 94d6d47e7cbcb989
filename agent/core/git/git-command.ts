import type { GitService } from '../../contract/sources/git.ts'

/** What a command of git's asks for: a service on an app, or something that is refused with a sentence. */
export type GitCommand =
  | { readonly kind: 'service'; readonly service: GitService; readonly app: string }
  | { readonly kind: 'refused'; readonly message: string }

/** An app's name as in the contract: no dots, no folders, nothing that could be an option. */
const repository = String.raw`\/?([a-z][a-z0-9-]{1,28}[a-z0-9])(?:\.git)?`
const command = new RegExp(`^git[- ](receive-pack|upload-pack) (?:'${repository}'|${repository})$`)

/**
 * Reads what git sends as an SSH command: `git-receive-pack 'my-app.git'`. The text is the client's, so nothing of it
 * reaches a shell or a path: all that comes out is one of two services and an app's name. Null: it is none of git's.
 */
export function parseGitCommand(text: string): GitCommand | null {
  const [, service, quoted, plain] = command.exec(text) ?? []
  const app = quoted ?? plain
  if (service !== undefined && app !== undefined)
    return { kind: 'service', service: `git-${service}` as GitService, app }
  const name = /^git[- ]([a-z-]+)/.exec(text)?.[1]
  const message = name === undefined ? undefined : refusals.get(name)
  return message === undefined ? null : { kind: 'refused', message }
}

const wrongPlace =
  "That is no app's repository. The address ends in the app's name, as in hearth@server:my-app.git, without any folders."
const noLfs =
  'Git LFS is not supported: large files are not kept here. Take them out of LFS (git lfs migrate export), or let the ' +
  'app fetch them, then push with: git push --no-verify'

const refusals: ReadonlyMap<string, string> = new Map([
  ['receive-pack', wrongPlace],
  ['upload-pack', wrongPlace],
  ['upload-archive', 'git archive --remote is not offered here; clone the repository instead.'],
  ['lfs-authenticate', noLfs],
  ['lfs-transfer', noLfs],
])
