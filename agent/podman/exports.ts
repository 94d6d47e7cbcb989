import { HearthError } from '../contract/errors.ts'
import { quoteWord } from '../core/shell-words.ts'

/**
 * An environment as a script for bash. Podman's own file of variables has one line for each, so a key or a certificate would
 * not fit; and what it is given otherwise stands in its state, where config vars have no business.
 */
export function renderExports(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quote(name, value)}\n`)
    .join('')
}

function quote(name: string, value: string): string {
  if (!value.isWellFormed() || value.includes('\0'))
    throw new HearthError('invalid_params', `Config var ${name} is not text: it has half a character or a zero byte.`)
  return quoteWord(value)
}
