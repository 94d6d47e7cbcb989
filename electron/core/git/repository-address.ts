import { isAbsolute, win32 } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HearthError } from '../../../agent/contract/errors.ts'
import { printable } from '../folder/folder-path.ts'

/** Where a repository is, as git is told. */
export interface RepositoryAddress {
  readonly url: string
  /** What its folder is called, without `.git`. */
  readonly name: string
}

/** `user@host:path`, which git takes for ssh. A host that begins with a dash would be an option of ssh. */
const shortForm = /^(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][\w.-]*:(?!\/\/)(?<path>[^\s]+)$/

/** A folder of this computer, or an address with https, ssh or file: nothing else, since some of git's forms run commands. */
export function readRepositoryAddress(text: string): RepositoryAddress {
  const location = text.trim()
  if (/\p{Cc}/u.test(location)) throw refused(location, 'it holds a control character')
  if (isAbsolute(location) || win32.isAbsolute(location))
    return { url: pathToFileURL(location).href, name: nameOf(location) }
  const path = shortForm.exec(location)?.groups?.path
  if (path !== undefined && !URL.canParse(location)) return { url: location, name: nameOf(path) }
  const url = URL.canParse(location) ? new URL(location) : null
  if (!url || !['https:', 'ssh:', 'file:'].includes(url.protocol)) throw refused(location, 'git is let use no other')
  // It would stand in the list of processes, and in what is shown and kept.
  if (url.password !== '' || (url.protocol === 'https:' && url.username !== ''))
    throw new HearthError(
      'invalid_params',
      'The address holds a login. Leave it out: git finds it in its own credential helper, which `git clone` asks once.',
    )
  if (url.hostname.startsWith('-')) throw refused(location, 'its host begins with a dash')
  return { url: location, name: nameOf(decodeURIComponent(url.pathname)) }
}

function nameOf(path: string): string {
  const last = path.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  return last.replace(/\.git$/, '').replaceAll(/[^\w.-]+/g, '-') || 'repository'
}

function refused(location: string, why: string): HearthError {
  return new HearthError(
    'invalid_params',
    `"${printable(location)}" is no repository that can be deployed: ${why}. Give a folder of this computer, or an address ` +
      'that begins with https://, ssh://, file:// or user@host:.',
  )
}
