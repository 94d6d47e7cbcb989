import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SshAuthentication, SshTarget } from '../core/ports/transport.ts'
import { renderKnownHost } from '../core/servers/host-key.ts'

/** What one system ssh connection needs on disk, in a folder for its owner only that goes with the connection. */
export interface SshFolder {
  readonly controlPath: string
  readonly knownHostsPath: string
  /** `-o` values that say how to log in. */
  readonly authenticationOptions: readonly string[]
  /** Where ssh asks for a password or passphrase, since it has no terminal. */
  readonly environment: Readonly<Record<string, string>>
  /** A path for the local end of a forwarded socket; the same for the same remote path. */
  socketPath(remotePath: string): string
  close(): Promise<void>
}

export async function openSshFolder(target: SshTarget): Promise<SshFolder> {
  // Socket paths are limited to some 100 bytes, so the names are short.
  const folder = await mkdtemp(join(tmpdir(), 'hearth-'))
  const at = (name: string) => join(folder, name)
  await writeFile(at('hosts'), target.hostKeys.map((key) => renderKnownHost(target, key)).join(''), { mode: 0o600 })
  const secret = secretOf(target.authentication)
  if (secret !== null) {
    await writeFile(at('secret'), `${secret}\n`, { mode: 0o600 })
    await writeFile(at('ask'), '#!/bin/sh\nexec cat -- "$HEARTH_ASKPASS_FILE"\n', { mode: 0o700 })
  }
  const sockets = new Map<string, string>()
  return {
    controlPath: at('c'),
    knownHostsPath: at('hosts'),
    authenticationOptions: renderAuthenticationOptions(target.authentication),
    environment:
      secret === null
        ? {}
        : { SSH_ASKPASS: at('ask'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0', HEARTH_ASKPASS_FILE: at('secret') },
    socketPath(remotePath) {
      const path = sockets.get(remotePath) ?? at(`s${sockets.size}`)
      sockets.set(remotePath, path)
      return path
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** BatchMode keeps ssh from asking where nobody can answer; a secret is asked for exactly once. */
export function renderAuthenticationOptions(authentication: SshAuthentication): string[] {
  switch (authentication.kind) {
    case 'agent':
      return ['BatchMode=yes', 'PreferredAuthentications=publickey']
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

function secretOf(authentication: SshAuthentication): string | null {
  if (authentication.kind === 'password') return authentication.password
  return authentication.kind === 'key' ? (authentication.passphrase ?? null) : null
}
