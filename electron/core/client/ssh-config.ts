import type { HostKey } from '../ports/transport.ts'

/** A server that git reaches with the desktop's own key. */
export interface GitServer {
  readonly id: string
  readonly host: string
  readonly hostKeys: readonly HostKey[]
}

export interface SshConfigParts {
  readonly servers: readonly GitServer[]
  readonly user: string
  readonly identity: string
  readonly knownHosts: string
  /** The user's own configuration and the system's, which `-F` would leave out. */
  readonly userConfigs: readonly string[]
}

/**
 * For `ssh -F` in a repository: for Hearth's user on Hearth's servers the desktop's key and the host keys that were
 * trusted in Hearth; for everything else, and for the way there, the user's own configuration as it is.
 */
export function renderSshConfig({ servers, user, identity, knownHosts, userConfigs }: SshConfigParts): string {
  const own = servers.map(({ id, host }) =>
    [
      `Match originalhost ${quote(host)} user ${user}`,
      `  IdentityFile ${quote(identity.replaceAll('%', '%%'))}`,
      '  IdentitiesOnly yes',
      `  HostKeyAlias ${aliasOf(id)}`,
      `  UserKnownHostsFile ${quote(knownHosts)}`,
      '  StrictHostKeyChecking yes',
      '  BatchMode yes',
    ].join('\n'),
  )
  return `# Written by Hearth, for git.\n${[...own, 'Match all', ...userConfigs.map((path) => `Include ${quote(path)}`)].join('\n')}\n`
}

export function renderKnownHosts(servers: readonly GitServer[]): string {
  return servers
    .flatMap(({ id, hostKeys }) => hostKeys.map(({ type, blob }) => `${aliasOf(id)} ${type} ${blob}\n`))
    .join('')
}

const aliasOf = (serverId: string) => `hearth-${serverId}`

/** As ssh_config(5) reads it back. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}
