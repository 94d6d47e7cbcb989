import { join } from 'node:path'
import type { ClientFolder } from './client-folder.ts'
import type { Environment } from './environment.ts'

/** What a terminal of ours set; in one that was started from it, that is not the user's. */
const ours = ['GIT_CONFIG_GLOBAL', 'GIT_SSL_CAINFO', 'HTTPS_PROXY', 'HTTP_PROXY', 'NODE_EXTRA_CA_CERTS', 'NO_PROXY']

/** The user's own environment, also within a terminal of ours. */
export function withoutOurs(environment: Environment, folder: ClientFolder): Environment {
  if (!environment.HEROKU_CACHE_DIR?.startsWith(folder.directory)) return environment
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.includes(name)))
}

/** The files that git would read as the user's configuration; those that are not there do no harm. */
export function userGitConfigs(user: Environment, home: string): string[] {
  if (user.GIT_CONFIG_GLOBAL) return [user.GIT_CONFIG_GLOBAL]
  return [join(user.XDG_CONFIG_HOME || join(home, '.config'), 'git', 'config'), join(home, '.gitconfig')]
}
