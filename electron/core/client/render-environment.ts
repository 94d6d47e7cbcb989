import type { EnvironmentChange } from './environment.ts'

export const environmentSyntaxes = ['sh', 'fish', 'powershell'] as const
export type EnvironmentSyntax = (typeof environmentSyntaxes)[number]

/** The same change as a shell reads it: for `eval`, for direnv, for `source` and for `Invoke-Expression`. */
export function renderEnvironment(change: EnvironmentChange, syntax: EnvironmentSyntax): string {
  const { set, unset } = syntaxes[syntax]
  const lines = Object.entries(change).map(([name, value]) => (value === null ? unset(name) : set(name, value)))
  return `${lines.join('\n')}\n`
}

interface Syntax {
  set(name: string, value: string): string
  unset(name: string): string
}

const syntaxes: Readonly<Record<EnvironmentSyntax, Syntax>> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
}
