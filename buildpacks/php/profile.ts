import { renderConcurrency } from '../lib/profile.ts'

/** Where the commands that Procfiles name are; as text for a shell. */
export const commandPath = '$HOME/.hearth/php'

/** As many PHP processes as the dyno has memory for, each with Debian's memory_limit of 128 MB. */
export function renderPhpProfile(defaults: Readonly<Record<string, string>>): string {
  const lines = Object.entries(defaults).map(([name, value]) => `export ${name}=\${${name}:-${value}}\n`)
  return `export PATH=${commandPath}:$HOME/vendor/bin:$PATH\n${lines.join('')}${renderConcurrency('128')}`
}
