import { dirname } from 'node:path'
import { openAgent } from './agent-client/open-agent.ts'
import { openDoor } from './agent-client/open-door.ts'
import { serverEnvironment, serverNode } from './config.ts'
import { Installer, type Login } from './core/install/installer.ts'
import { loginUser } from './core/install/layout.ts'
import type { ServerEntry } from './core/servers/server-file.ts'
import { linkSsh } from './core/servers/ssh-link.ts'
import type { DesktopCore } from './desktop-core.ts'

/** The installer of this desktop's servers. */
export function makeInstaller({ config, connectors, desktopKey, servers }: DesktopCore): Installer {
  return new Installer({
    connectors,
    entryOf: (serverId) => servers.entry(serverId),
    places: { agentFolder: dirname(config.agentBundle), nodeFor: serverNode },
    publicKey: desktopKey.publicKey,
    environment: serverEnvironment(),
    onInstalled: (login) => servers.rememberLogin(login.serverId, withoutSecret(login)),
    connectAgent({ host, port, hostKeys, transport }, signal) {
      const authentication = { kind: 'key', path: desktopKey.path } as const
      const target = () => ({ host, port, hostKeys, user: loginUser, authentication })
      return linkSsh({ connector: () => connectors[transport], openAgent, openDoor, target }).connect(signal)
    },
  })
}

/** Null as soon as a secret was needed: none is kept. */
function withoutSecret({ authentication, sudoPassword }: Login): ServerEntry['login'] {
  if (sudoPassword !== undefined || authentication.kind === 'password') return null
  if (authentication.kind === 'agent') return { kind: 'agent' }
  return authentication.passphrase === undefined ? { kind: 'key', path: authentication.path } : null
}
