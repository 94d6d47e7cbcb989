import { memoryProfile } from '../lib/profile.ts'

/** Where the commands that Procfiles name are; as text for a shell. */
export const commandPath = '$HOME/.hearth/php'

/** `programs` is the folder of the packages' programs. How many processes there are, the command of the web process says. */
export function renderPhpProfile(programs: string, defaults: Readonly<Record<string, string>>): string {
  const lines = Object.entries(defaults).map(([name, value]) => `export ${name}=\${${name}:-${value}}\n`)
  return `export PATH=${commandPath}:$HOME/${programs}:$PATH\n${lines.join('')}${memoryProfile}`
}
