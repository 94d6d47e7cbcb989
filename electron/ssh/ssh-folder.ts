import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostKey } from '../core/ports/transport.ts'
import { parseKnownHosts, renderKnownHost } from '../core/servers/host-key.ts'

/** What one system ssh connection needs on disk, in a folder for its owner only that goes with the connection. */
export interface SshFolder {
  readonly path: string
  readonly controlPath: string
  readonly knownHostsPath: string
  /** A path for the local end of a forwarded socket; the same for the same remote path. */
  socketPath(remotePath: string): string
  /** The keys that ssh has written down. */
  readHostKeys(): Promise<HostKey[]>
  close(): Promise<void>
}

/** The name of every host in its own list of keys: aliases, ports and proxies do not change what was trusted. */
export const hostKeyAlias = 'hearth'

export async function openSshFolder(hostKeys: readonly HostKey[]): Promise<SshFolder> {
  // Socket paths are limited to some 100 bytes, so the names are short.
  const folder = await mkdtemp(join(tmpdir(), 'hearth-'))
  const at = (name: string) => join(folder, name)
  const known = hostKeys.map((key) => renderKnownHost(hostKeyAlias, key)).join('')
  await writeFile(at('hosts'), known, { mode: 0o600 })
  const sockets = new Map<string, string>()
  return {
    path: folder,
    controlPath: at('c'),
    knownHostsPath: at('hosts'),
    socketPath(remotePath) {
      const path = sockets.get(remotePath) ?? at(`s${sockets.size}`)
      sockets.set(remotePath, path)
      return path
    },
    readHostKeys: async () => parseKnownHosts(await readFile(at('hosts'), 'utf8')),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
