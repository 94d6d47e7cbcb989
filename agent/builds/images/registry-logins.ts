import { chown, writeFile } from 'node:fs/promises'
import { HearthError } from '../../contract/errors.ts'
import { registryLogin } from '../../core/apps/platform-vars.ts'
import type { Owner } from '../sources/materialise.ts'

/** `user:password@registry.example`, several with spaces between them, as podman's file of logins. */
export function renderLogins(text: string): string {
  const auths = text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const at = entry.lastIndexOf('@')
      const [login, registry] = [entry.slice(0, at), entry.slice(at + 1)]
      // What was given may be a password, so it is not repeated.
      if (at < 1 || !login.includes(':') || !/^[\w.:[\]/-]+$/.test(registry))
        throw new HearthError(
          'build_failed',
          `The config var ${registryLogin} is not as it must be: user:password@registry.example, several with spaces between them.`,
        )
      return [registry, { auth: Buffer.from(login).toString('base64') }] as const
    })
  return JSON.stringify({ auths: Object.fromEntries(auths) })
}

/** For the build's own root alone; it goes with the build. */
export async function writeLogins(file: string, text: string | undefined, owner: Owner | null): Promise<void> {
  if (text === undefined || text.trim() === '') return
  await writeFile(file, renderLogins(text), { mode: 0o600 })
  if (owner) await chown(file, owner.uid, owner.gid)
}
