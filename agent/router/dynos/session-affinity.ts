import type { RequestHead } from '../http/request-head.ts'
import type { DynoRoute } from './routes.ts'

/** Heroku's name for it, which apps and balancers before them may know. */
const cookie = 'heroku-session-affinity'
const cookieLine = new RegExp(`\\r\\ncookie: (?:[^\\r]*; ?)?${cookie}=([\\w-]{1,64})(?=[;\\r])`, 'i')
const lifeSeconds = 24 * 60 * 60

const namedBy = ({ lines }: RequestHead): string | undefined => cookieLine.exec(lines)?.[1]

/** The one that the client had before, if it still takes requests. */
export function formerDyno(dynos: readonly DynoRoute[], head: RequestHead): DynoRoute | null {
  const id = namedBy(head)
  return (id !== undefined && dynos.find(({ dyno }) => dyno.id === id)) || null
}

/** Has the client come back to this dyno; empty when it does so anyway. */
export function affinityLine({ dyno }: DynoRoute, head: RequestHead, isSecure: boolean): string {
  if (namedBy(head) === dyno.id) return ''
  return `Set-Cookie: ${cookie}=${dyno.id}; Path=/; Max-Age=${lifeSeconds}; HttpOnly${isSecure ? '; Secure' : ''}\r\n`
}
