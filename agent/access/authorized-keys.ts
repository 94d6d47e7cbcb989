import { HearthError } from '../contract/errors.ts'
import type { LoginKey, PublicKey } from '../core/ports/access/login-keys.ts'
import { keyId } from './public-key.ts'

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
export function renderAuthorizedKey(key: PublicKey, { program, sockets }: Door): string {
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

/**
 * Puts a key into a file's text; the same key is replaced, so that its comment and options become the new ones.
 * `letInAt` says that root let it in, and when: the agent then takes it even if it had removed it before.
 */
export function addAuthorizedKey(text: string, key: PublicKey, door: Door, letInAt: string | null = null): string {
  const mark = letInAt === null ? '' : `${renderMark(key.id, letInAt)}\n`
  return `${removeAuthorizedKey(text, key.id)}${mark}${renderAuthorizedKey(key, door)}\n`
}

/** Takes our lines of that key out; lines of others stay as they are. */
export function removeAuthorizedKey(text: string, id: string): string {
  const kept = text
    .split('\n')
    .filter((line) => line !== '' && parseLine(line)?.id !== id && parseMark(line)?.id !== id)
  return kept.map((line) => `${line}\n`).join('')
}

/** All keys that a file lets in through our forced command. */
export function listAuthorizedKeys(text: string): LoginKey[] {
  const lines = text.split('\n')
  const marks = new Map(lines.flatMap((line) => parseMark(line) ?? []).map(({ id, at }) => [id, at]))
  return lines.flatMap((line) => {
    const key = parseLine(line)
    return key ? [{ ...key, letInAt: marks.get(key.id) ?? null }] : []
  })
}

/** A line whose command names another key than the one behind it, or half of one, is nobody's. */
function parseLine(line: string): PublicKey | null {
  // restrict,...,command="... connect 0123456789abcdef" ssh-ed25519 AAAA... me@laptop
  const match = /^restrict,\S.*? connect ([0-9a-f]{16})" (\S+) (\S+)(?: (.*))?$/s.exec(line)
  if (!match) return null
  const [, id = '', type = '', blob = '', comment = ''] = match
  return keyId(blob) === id ? { id, type, blob, comment: comment.trim() } : null
}

function renderMark(id: string, at: string): string {
  return `# hearth: root let in ${id} at ${at}`
}

function parseMark(line: string): { id: string; at: string } | null {
  const [, id, at] = /^# hearth: root let in ([0-9a-f]{16}) at (\S+)$/.exec(line) ?? []
  return id !== undefined && at !== undefined ? { id, at } : null
}

/** sshd reads `\"` inside an option as a quote; a newline would begin another line. */
function quoteOption(command: string): string {
  if (/[\n\r\0]/.test(command)) throw new HearthError('internal', 'A forced command must be one line.')
  return command.replaceAll('"', '\\"')
}
