import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a user may want to pick in the wizard: host names of ~/.ssh/config and private keys in ~/.ssh. */
export async function listSshChoices(sshDirectory: string): Promise<{ hosts: string[]; keys: string[] }> {
  const [config, names] = await Promise.all([
    readFile(join(sshDirectory, 'config'), 'utf8').catch(() => ''),
    readdir(sshDirectory).catch((): string[] => []),
  ])
  // A private key is known by its public half beside it; contents are not read.
  const keys = names.filter((name) => names.includes(`${name}.pub`)).map((name) => join(sshDirectory, name))
  return { hosts: parseHosts(config), keys: keys.sort() }
}

/** `Host nas box *.lan` names nas and box: a pattern is no host. */
export function parseHosts(config: string): string[] {
  const hosts = [...config.matchAll(/^\s*host\s+(.+)$/gim)].flatMap(([, names = '']) => names.trim().split(/\s+/))
  return [...new Set(hosts)].filter((name) => !/[*?!]/.test(name))
}
