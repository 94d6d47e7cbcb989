import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import { writeFileWhole } from '../json-file.ts'
import type { ApiPorts } from './api-ports.ts'
import type { ApiToken } from './api-token.ts'
import { type ClientFolder, clientFolder } from './client-folder.ts'
import { clientEnvironment, type Environment, type EnvironmentChange } from './environment.ts'
import { findProgram } from './find-program.ts'
import { renderGitConfig, renderGitCredentials, renderOwnGitConfig } from './git-config.ts'
import { type GitServer, renderKnownHosts, renderSshConfig } from './ssh-config.ts'
import { userGitConfigs, withoutOurs } from './user-environment.ts'

export interface ClientSetupOptions {
  /** `client` in the desktop's data folder; the authority is in it already. */
  readonly directory: string
  readonly home: string
  readonly token: ApiToken
  readonly ports: ApiPorts
  /** The servers that git reaches by SSH. */
  readonly gitServers: () => readonly GitServer[]
  /** Who the desktop's own key logs in as, and the key. */
  readonly serverUser: string
  readonly identity: string
}

export interface PreparedClient {
  readonly folder: ClientFolder
  readonly environment: EnvironmentChange
  /** The environment that it is a change of. */
  readonly user: Environment
}

/** Writes what the heroku client, git and ssh need in order to reach the servers, all of it in Hearth's own folder. */
export class ClientSetup {
  readonly #options: ClientSetupOptions

  constructor(options: ClientSetupOptions) {
    this.#options = options
  }

  /** Makes everything ready for one server, whose port must have been opened once, and returns its environment. */
  async prepare(
    serverId: string,
    app: string | null,
    environment: Environment,
    isForClientAlone = false,
  ): Promise<PreparedClient> {
    const folder = clientFolder(this.#options.directory, serverId)
    const user = withoutOurs(environment, folder)
    await this.writeFiles(user)
    for (const own of [folder.cache, folder.config, folder.data]) await mkdir(own, { recursive: true, mode: 0o700 })
    // The client shows a banner until there is such a file (heroku 11.10, hooks/init/terms-of-service.js).
    await writeFile(join(folder.cache, 'terms-of-service'), '', { flag: 'a' })
    await this.#writeAuthorities(folder, user)
    const { token } = this.#options
    const place = {
      folder,
      port: this.portOf(serverId),
      token: token.text,
      app,
      platform: process.platform,
      isForClientAlone,
    }
    const hasSsh = (await findProgram('ssh', user)) !== null
    return { folder, environment: clientEnvironment({ ...place, hasSsh }, user), user }
  }

  /** What git and ssh read. Written anew whenever a server, its port or the token may have changed. */
  async writeFiles(environment: Environment): Promise<void> {
    const { home, ports, token, gitServers, serverUser, identity } = this.#options
    const folder = clientFolder(this.#options.directory, '')
    const user = withoutOurs(environment, folder)
    const hosts = ports.all.map(([, port]) => `127.0.0.1:${port}`)
    const existing = await readFile(folder.gitConfig, 'utf8').catch(() => '')
    const config = { hosts, userConfigs: userGitConfigs(user, home), ownConfig: folder.ownGitConfig }
    const places = { authority: folder.authority, credentials: folder.gitCredentials }
    await writeFileWhole(folder.gitConfig, renderGitConfig(existing, config))
    await writeFileWhole(folder.ownGitConfig, renderOwnGitConfig(hosts, places))
    await writeFileWhole(folder.gitCredentials, renderGitCredentials(hosts, token.text))
    const servers = gitServers()
    await writeFileWhole(folder.knownHosts, renderKnownHosts(servers))
    const userConfigs = [join(home, '.ssh', 'config'), '/etc/ssh/ssh_config']
    const { knownHosts } = folder
    await writeFileWhole(
      folder.sshConfig,
      renderSshConfig({ servers, user: serverUser, identity, knownHosts, userConfigs }),
    )
  }

  /** After a token was revoked: remotes that Hearth added go on working, everything else has to be set up anew. */
  async revokeToken(environment: Environment): Promise<void> {
    await this.#options.token.revoke()
    await this.writeFiles(environment)
  }

  portOf(serverId: string): number {
    const port = this.#options.ports.get(serverId)?.port
    if (port !== undefined) return port
    throw new HearthError(
      'unavailable',
      'This server has no port on this computer yet. Start Hearth, or: hearth gateway',
    )
  }

  /** A variable that names one file takes the place of the user's, so the user's authorities come with ours. */
  async #writeAuthorities(folder: ClientFolder, user: Environment): Promise<void> {
    const own = await readFile(folder.authority, 'utf8')
    const bundles = { [folder.nodeAuthorities]: user.NODE_EXTRA_CA_CERTS, [folder.gitAuthorities]: user.GIT_SSL_CAINFO }
    for (const [path, theirs] of Object.entries(bundles)) {
      if (!theirs) continue
      await writeFileWhole(path, `${await readFile(theirs, 'utf8').catch(() => '')}\n${own}`)
    }
  }
}
