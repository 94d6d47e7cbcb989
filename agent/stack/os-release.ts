import { HearthError } from '../contract/errors.ts'

export interface OsRelease {
  /** `debian-12`, `ubuntu-24.04` */
  readonly stack: string
  readonly codename: string
}

/**
 * Reads /etc/os-release:
 *
 *     ID=debian
 *     VERSION_ID="12"
 *     VERSION_CODENAME=bookworm
 */
export function parseOsRelease(text: string): OsRelease {
  const read = (name: string) => new RegExp(`^${name}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1]
  const [id, version, codename] = [read('ID'), read('VERSION_ID'), read('VERSION_CODENAME')]
  if ((id === 'debian' || id === 'ubuntu') && version && codename) return { stack: `${id}-${version}`, codename }
  throw new HearthError(
    'unavailable',
    `This server runs ${id ?? 'an unknown system'} ${version ?? ''}; Hearth needs Debian 12 or newer, or Ubuntu 22.04 or newer.`,
  )
}
