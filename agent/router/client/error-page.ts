import type { RoutingCodeName } from '../../core/routing/routing-codes.ts'
import type { CustomPages } from '../dynos/routes.ts'

export interface ErrorAnswer {
  readonly status: number
  /** For programs; in Heroku's style. */
  readonly id: string
  readonly title: string
  readonly message: string
  readonly code?: RoutingCodeName
  readonly requestId?: string
  /** The app's own page, one byte a character. */
  readonly page?: string | null
  /** Where the client finds what it asked for. */
  readonly location?: string
  /** The whole answer, for a program that expects just that. */
  readonly plainText?: string
}

const applicationError = {
  id: 'application_error',
  title: 'Application error',
  message: 'This app could not answer. If it is yours, its log says why.',
}

const specialAnswers: Partial<Record<RoutingCodeName, Omit<ErrorAnswer, 'status'>>> = {
  H26: { id: 'bad_request', title: 'Bad request', message: 'The request breaks a rule of HTTP.' },
  H31: {
    id: 'misdirected_request',
    title: 'Misdirected request',
    message: 'This host was asked for over a connection that was made for another. A new connection will do.',
  },
  H80: {
    id: 'maintenance',
    title: 'Back soon',
    message: 'This app is down for maintenance. Please try again in a little while.',
  },
  H81: {
    id: 'blank_app',
    title: 'Nothing here yet',
    message: 'This app exists, but nothing was deployed to it so far.',
  },
}

export const answerForCode = (
  code: RoutingCodeName,
  { status, requestId, pages }: { status: number; requestId: string; pages: CustomPages },
): ErrorAnswer => ({
  ...(specialAnswers[code] ?? applicationError),
  status,
  code,
  requestId,
  page: code === 'H80' ? pages.maintenance : specialAnswers[code] ? null : pages.error,
})

export const noSuchApp = (hostname: string): ErrorAnswer => ({
  status: 404,
  id: 'no_such_app',
  title: 'No such app',
  message: `There is no app at ${hostname}.`,
})

export const badRequest = (reason: string): ErrorAnswer => ({
  status: 400,
  id: 'bad_request',
  title: 'Bad request',
  message: `The request breaks a rule of HTTP: ${reason}.`,
})

export const requestTimeout: ErrorAnswer = {
  status: 408,
  id: 'request_timeout',
  title: 'Request timeout',
  message: 'The request did not arrive in time.',
}

export const tlsExpected: ErrorAnswer = {
  status: 400,
  id: 'tls_expected',
  title: 'This port speaks https',
  message: 'The request came over http to a port that speaks https. Begin the address with https://',
}

export const redirect = (status: 301 | 308, location: string): ErrorAnswer => ({
  status,
  location,
  id: 'moved',
  title: 'Over https',
  message: `This is at ${location}`,
})

export const challengeAnswer = (text: string): ErrorAnswer => ({
  status: 200,
  id: 'challenge',
  title: 'Challenge',
  message: '',
  plainText: text,
})

const reasons: Record<number, string> = {
  200: 'OK',
  301: 'Moved Permanently',
  308: 'Permanent Redirect',
  421: 'Misdirected Request',
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

export interface AnswerForm {
  readonly accept: string
  readonly isHead: boolean
  readonly keepAlive: boolean
}

/** The whole response, head and body. */
export function renderErrorAnswer(answer: ErrorAnswer, form: AnswerForm): string {
  const body = renderErrorBody(answer, form.accept)
  const fields = Object.entries(errorFields(body, answer)).map(([name, value]) => `${name}: ${value}\r\n`)
  return (
    `HTTP/1.1 ${answer.status} ${reasons[answer.status] ?? 'Error'}\r\n${fields.join('')}` +
    `via: 1.1 hearth-router\r\nConnection: ${form.keepAlive ? 'keep-alive' : 'close'}\r\n\r\n${form.isHead ? '' : body.text}`
  )
}

export interface ErrorBody {
  readonly type: string
  /** One byte a character. */
  readonly text: string
}

export function renderErrorBody(answer: ErrorAnswer, accept: string): ErrorBody {
  if (answer.plainText !== undefined) return { type: 'application/octet-stream', text: answer.plainText }
  if (prefersJson(accept)) return { type: 'application/json; charset=utf-8', text: renderJson(answer) }
  return { type: 'text/html; charset=utf-8', text: answer.page ?? renderHtml(answer) }
}

export const errorFields = ({ type, text }: ErrorBody, { location }: ErrorAnswer) => ({
  ...(location !== undefined && { location }),
  'content-type': type,
  'content-length': text.length,
  'cache-control': 'no-store',
  date: new Date().toUTCString(),
  server: 'hearth-router',
})

/** Browsers' have a tenth of that; what comes behind it is not looked at. */
const maxAcceptLength = 2000

/** Whether `Accept` puts JSON before HTML. Saying nothing, or that anything will do, means HTML. */
export function prefersJson(accept: string): boolean {
  let html = 0
  let json = 0
  for (const range of accept.slice(0, maxAcceptLength).toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    if (type === 'text/html' || type === 'application/xhtml+xml') html = Math.max(html, quality)
    if (type === 'application/json' || type.endsWith('+json')) json = Math.max(json, quality)
  }
  return json > html
}

function renderJson({ id, message, code, requestId }: ErrorAnswer): string {
  return ascii(`${JSON.stringify({ id, message, code, request_id: requestId })}\n`)
}

function renderHtml({ title, message, code, requestId }: ErrorAnswer): string {
  const details = [code, requestId].filter((part) => part !== undefined).join(' &middot; ')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.6 system-ui, sans-serif;
  background: light-dark(#faf8f6, #1a1716); color: light-dark(#2b2523, #ece7e3) }
main { max-width: 30rem; padding: 2rem; border-left: 4px solid #e8590c }
h1 { margin: 0 0 .5rem; font-size: 1.6rem; line-height: 1.2 }
p { margin: 0 }
small { display: block; margin-top: 1rem; opacity: .65; font-family: ui-monospace, monospace; overflow-wrap: anywhere }
</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
${details === '' ? '' : `<small>${details}</small>\n`}</main>
</html>
`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => ascii(text.replace(/[&<>"']/g, (character) => entities[character] ?? ''))

// Heads and pages leave as one latin1 string, and the length above counts characters.
const ascii = (text: string): string => text.replace(/[^\n\x20-\x7e]/g, '?')
