import { appName } from '../../agent/contract/common.ts'

export type DeepLink =
  | { kind: 'app'; app: string }
  | { kind: 'deploy'; repository: string }
  | { kind: 'add-server'; address: string }

const scheme = 'hearth:'
const mostCharacters = 1500

export const isDeepLink = (text: string): boolean => text.toLowerCase().startsWith(`${scheme}//`)

/**
 * Reads `hearth://apps/NAME`, `hearth://deploy?repository=URL` and `hearth://servers/add?address=[USER@]HOST[:PORT]`; null for all else.
 * Any page of the web can open such a link, so each is read to the letter, and one word too many refuses the whole.
 */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > mostCharacters || !URL.canParse(text)) return null
  const url = new URL(text)
  // What a parser has to put right first (dots, spaces, control characters) is not what somebody meant.
  if (url.href !== text) return null
  if (url.protocol !== scheme || url.username || url.password || url.port || url.hash) return null
  const [first = '', ...rest] = [url.hostname, ...url.pathname.split('/').slice(1)]
  const place = [first, ...rest].join('/')
  const parameters = [...url.searchParams]
  if (first === 'apps' && rest.length === 1 && parameters.length === 0) {
    const app = appName.safeParse(rest[0])
    return app.success ? { kind: 'app', app: app.data } : null
  }
  const [[name, value] = ['', '']] = parameters
  if (parameters.length !== 1) return null
  if (place === 'deploy' && name === 'repository' && isRepository(value)) return { kind: 'deploy', repository: value }
  if (place === 'servers/add' && name === 'address' && isAddress(value)) return { kind: 'add-server', address: value }
  return null
}

/** By https without a password in it, or by ssh. */
function isRepository(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text)) return false
  if (/^git@[\w.-]+:[\w./~-]+$/.test(text)) return true
  if (!URL.canParse(text)) return false
  const { protocol, password, hostname } = new URL(text)
  return (protocol === 'https:' || protocol === 'ssh:') && password === '' && hostname !== ''
}

/** `root@box.example.net:2222`, `box`, `[2001:db8::1]:22`; never what ssh would take for an option. */
function isAddress(text: string): boolean {
  return /^(?:[A-Za-z_][\w.-]{0,31}@)?(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9A-Fa-f:]{2,45}\])(?::\d{1,5})?$/.test(
    text,
  )
}
