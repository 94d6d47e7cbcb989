import { createHash } from 'node:crypto'
import { HearthError } from '../contract/errors.ts'

/** A public key that may use this server, as one line of `authorized_keys`. */
export interface AuthorizedKey {
  /** Names the key in its forced command: the start of its SHA-256, so it needs no register. */
  readonly id: string
  /** `ssh-ed25519` */
  readonly type: string
  /** The key's blob in base64. */
  readonly blob: string
  /** Who it belongs to, an e-mail-like name. */
  readonly comment: string
}

const blobPattern = /^[A-Za-z0-9+/]{40,}={0,2}$/
const typePattern = /^[a-z0-9@.-]{3,64}$/

/** `ssh-ed25519 AAAAC3... me@laptop`, as in a `.pub` file. */
export function parsePublicKey(text: string): AuthorizedKey {
  const [type = '', blob = '', ...comment] = text.trim().split(/\s+/)
  if (text.trim().includes('\n') || !typePattern.test(type) || !blobPattern.test(blob)) {
    throw new HearthError(
      'invalid_params',
      'That is not a public SSH key: it should be one line such as "ssh-ed25519 AAAA... name".',
    )
  }
  return { id: keyId(blob), type, blob, comment: cleanComment(comment.join(' ')) }
}

export function keyId(blob: string): string {
  return createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex').slice(0, 16)
}

/** What a key opens: the program that it may run, and the unix sockets that it may reach. */
export interface Door {
  readonly program: readonly string[]
  readonly sockets: readonly string[]
}

/**
 * One line of `authorized_keys`. `restrict` takes everything away, forwarding comes back for these sockets alone. sshd
 * holds unix sockets against `permitopen` too, as hosts whose port does not matter; brackets keep a path in one piece
 * (OpenSSH's hpdelim2 and open_match). Without them it forwards to no socket at all.
 */
export function renderAuthorizedKey(key: AuthorizedKey, { program, sockets }: Door): string {
  const command = [...program, 'connect', key.id].join(' ')
  const options = [
    'restrict',
    'port-forwarding',
    ...sockets.map((path) => `permitopen="[${quoteOption(path)}]:*"`),
    // Of TCP nothing: a port where nobody may listen.
    'permitlisten="127.0.0.1:1"',
    `command="${quoteOption(command)}"`,
  ]
  return `${options.join(',')} ${key.type} ${key.blob} ${key.comment}`.trimEnd()
}

/** Puts a key into a file's text; the same key is replaced, so that its comment and options become the new ones. */
export function addAuthorizedKey(text: string, key: AuthorizedKey, door: Door): string {
  return `${removeAuthorizedKey(text, key.id)}${renderAuthorizedKey(key, door)}\n`
}

/** Takes our line of that key out; lines of others stay as they are. */
export function removeAuthorizedKey(text: string, id: string): string {
  const kept = text.split('\n').filter((line) => line !== '' && parseAuthorizedKey(line)?.id !== id)
  return kept.map((line) => `${line}\n`).join('')
}

/** All keys that a file lets in through our forced command. */
export function listAuthorizedKeys(text: string): AuthorizedKey[] {
  return text.split('\n').flatMap((line) => parseAuthorizedKey(line) ?? [])
}

function parseAuthorizedKey(line: string): AuthorizedKey | null {
  // restrict,...,command="... connect 0123456789abcdef" ssh-ed25519 AAAA... me@laptop
  const match = /connect ([0-9a-f]{16})" (\S+) (\S+) ?(.*)$/.exec(line)
  if (!match || line.startsWith('#')) return null
  const [, id = '', type = '', blob = '', comment = ''] = match
  return { id, type, blob, comment }
}

/** sshd reads `\"` inside an option as a quote; a newline would begin another line. */
function quoteOption(command: string): string {
  if (/[\n\r\0]/.test(command)) throw new HearthError('internal', 'A forced command must be one line.')
  return command.replaceAll('"', '\\"')
}

function cleanComment(comment: string): string {
  return [...comment]
    .filter((character) => character >= ' ' && character !== '\x7f')
    .join('')
    .slice(0, 100)
}
