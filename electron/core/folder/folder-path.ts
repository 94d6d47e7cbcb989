import type { Stats } from 'node:fs'
import { HearthError } from '../../../agent/contract/errors.ts'

const maximumPathBytes = 3072

/** Refuses names that the server could not take or that would arrive as another name. */
export function checkPath(path: string, name: Buffer): void {
  if (!Buffer.from(name.toString('utf8')).equals(name))
    throw refused(path, 'its name is not UTF-8', 'Rename it or remove it')
  if (Buffer.byteLength(path) > maximumPathBytes)
    throw refused(path, `its path is longer than ${maximumPathBytes} bytes`, 'Move it further up')
}

/**
 * A symbolic link that stays inside the folder, wherever the folder ends up: relative, and with `..` only in front, so
 * that no other link on its way can lead it out.
 */
export function checkLink(path: string, link: string): { path: string; link: string } {
  const advice = 'Replace it with the file itself or name it in .slugignore'
  if (link.startsWith('/') || /^[A-Za-z]:/.test(link))
    throw refused(path, `it is a link to "${printable(link)}", which is not there on a server`, advice)
  const names = link.split('/').filter((name) => name !== '' && name !== '.')
  const ups = names.findIndex((name) => name !== '..')
  const leading = ups === -1 ? names.length : ups
  if (leading > path.split('/').length - 1)
    throw refused(path, `it is a link out of the folder, to "${printable(link)}"`, advice)
  if (names.slice(leading).includes('..'))
    throw refused(path, `it is a link with ".." behind a name, to "${printable(link)}"`, advice)
  return { path, link }
}

export function describeKind(status: Stats): string {
  if (status.isFIFO()) return 'a named pipe'
  if (status.isSocket()) return 'a socket'
  if (status.isBlockDevice() || status.isCharacterDevice()) return 'a device'
  return 'no plain file'
}

/** Names end up in messages and terminals: short, and without control characters. */
export function printable(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text
  return short.replace(/\p{Cc}/gu, '?').toWellFormed()
}

function refused(path: string, why: string, advice: string): HearthError {
  return new HearthError('invalid_params', `"${printable(path)}" can't be deployed: ${why}. ${advice}.`)
}
