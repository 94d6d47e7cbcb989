import type { SshAuthentication } from '../core/ports/transport.ts'
import { hostKeyAlias, type SshFolder } from './ssh-folder.ts'

export interface Patience {
  readonly readyTimeoutMs: number
  readonly keepaliveSeconds: number
}

/**
 * What every connection says over the user's ~/.ssh/config, which decides the rest: the way to the host, its proxies,
 * algorithms and keys. Host keys are trusted by our list and by nothing else that the configuration may name.
 */
export function renderConnectionOptions(folder: SshFolder, { readyTimeoutMs, keepaliveSeconds }: Patience): string[] {
  return [
    // Options that an older ssh does not know are not needed there.
    'IgnoreUnknown=KnownHostsCommand,ForkAfterAuthentication',
    `HostKeyAlias=${hostKeyAlias}`,
    `UserKnownHostsFile=${folder.knownHostsPath}`,
    'GlobalKnownHostsFile=/dev/null',
    'KnownHostsCommand=none',
    'VerifyHostKeyDNS=no',
    'CheckHostIP=no',
    'HashKnownHosts=no',
    'UpdateHostKeys=no',
    `ConnectTimeout=${Math.ceil(readyTimeoutMs / 1000)}`,
    'ConnectionAttempts=1',
    `ServerAliveInterval=${keepaliveSeconds}`,
    'ServerAliveCountMax=3',
    'LogLevel=ERROR',
    // Nothing of the user's own sessions: they are for a person at a terminal.
    'ClearAllForwardings=yes',
    'ForkAfterAuthentication=no',
    'ForwardAgent=no',
    'ForwardX11=no',
    'PermitLocalCommand=no',
    'RemoteCommand=none',
    'Tunnel=no',
  ]
}

/** BatchMode keeps ssh from asking where nobody can answer; a secret is asked for once. */
export function renderAuthenticationOptions(authentication: SshAuthentication): string[] {
  switch (authentication.kind) {
    case 'agent':
      return ['BatchMode=yes', 'PreferredAuthentications=publickey,gssapi-with-mic']
    case 'key':
      return [
        `BatchMode=${authentication.passphrase === undefined ? 'yes' : 'no'}`,
        `IdentityFile=${authentication.path.replaceAll('%', '%%')}`,
        'IdentitiesOnly=yes',
        'IdentityAgent=none',
        'PreferredAuthentications=publickey',
      ]
    case 'password':
      return [
        'BatchMode=no',
        'PubkeyAuthentication=no',
        'PreferredAuthentications=password,keyboard-interactive',
        'NumberOfPasswordPrompts=1',
      ]
  }
}

/** The password or passphrase that ssh will ask for. */
export function secretOf(authentication: SshAuthentication): string | null {
  if (authentication.kind === 'password') return authentication.password
  return authentication.kind === 'key' ? (authentication.passphrase ?? null) : null
}
