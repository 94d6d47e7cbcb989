import { HearthError } from '../../contract/errors.ts'

/**
 * The text of an EnvironmentFile. Each value stands in double quotes, with a backslash before what systemd would read as
 * something else there: systemd.exec(5).
 */
export function renderEnvironmentFile(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}="${escapeValue(name, value)}"\n`)
    .join('')
}

function escapeValue(name: string, value: string): string {
  // One value that systemd can't read makes the whole start fail, without a word about which.
  if (!value.isWellFormed() || value.includes('\0'))
    throw new HearthError('invalid_params', `Config var ${name} is not text: it has half a character or a zero byte.`)
  return value.replace(/["\\`$]/g, '\\$&')
}
