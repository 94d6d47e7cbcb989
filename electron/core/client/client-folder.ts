import { join } from 'node:path'

/** Where Hearth keeps what the heroku client, git and ssh need of it. Nothing of the user's home is touched. */
export interface ClientFolder {
  readonly directory: string
  /** The client's login state, plugins and settings, apart from those of the user's real Heroku. */
  readonly data: string
  readonly config: string
  /** What it has looked up; one a server, since it is about that server's apps. */
  readonly cache: string
  /** The global git configuration of Hearth's terminals, and the part of it that Hearth writes. */
  readonly gitConfig: string
  readonly ownGitConfig: string
  /** For `git credential-store`: the token for each server's address. Readable by the user only. */
  readonly gitCredentials: string
  /** This desktop's certificate authority. */
  readonly authority: string
  /** The same behind the authorities that the user's environment names already. */
  readonly nodeAuthorities: string
  readonly gitAuthorities: string
  /** For git over SSH with the desktop's own key, and the host keys that were trusted. */
  readonly sshConfig: string
  readonly knownHosts: string
  /** Start-up files of shells. */
  readonly shell: string
}

/** Server ids are made by us; the one of this computer is a word. */
export function clientFolder(directory: string, serverId: string): ClientFolder {
  const heroku = join(directory, 'heroku')
  return {
    directory,
    data: join(heroku, 'data'),
    config: join(heroku, 'config'),
    cache: join(heroku, 'cache', serverId),
    gitConfig: join(directory, 'gitconfig'),
    ownGitConfig: join(directory, 'hearth.gitconfig'),
    gitCredentials: join(directory, 'git-credentials'),
    authority: join(directory, 'authority.pem'),
    nodeAuthorities: join(directory, 'node-authorities.pem'),
    gitAuthorities: join(directory, 'git-authorities.pem'),
    sshConfig: join(directory, 'ssh-config'),
    knownHosts: join(directory, 'known-hosts'),
    shell: join(directory, 'shell'),
  }
}
