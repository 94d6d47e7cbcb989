/** A request's head, parsed and judged: of HTTP/1 from its text, of HTTP/2 from its fields. */
export interface RequestHead {
  readonly method: string
  /** In origin form (`/path?query`), or `*`. */
  readonly target: string
  /** As the client named it: the authority of an absolute target, else the Host header. */
  readonly authority: string
  /** Normalised, without the port. */
  readonly hostname: string
  readonly protocol: 'http1.0' | 'http1.1' | 'http2.0'
  /** What goes on to the dyno: request line, Host, and the fields that nobody has to change, each with its CRLF. */
  readonly lines: string
  readonly accept: string
  /** What Via said, with a final `, ` if anything. */
  readonly via: string
  /** What X-Forwarded-For said, with a final `, ` if anything. */
  readonly forwardedFor: string
  /** What X-Forwarded-Proto said last, in lower case, or nothing; believed of trusted proxies only. */
  readonly forwardedProto: string
  /** What X-Request-Id said, or nothing. */
  readonly requestId: string
  readonly framing: RequestFraming
  /** Whether the client wants to go on with this connection. */
  readonly keepAlive: boolean
  /** The protocol to switch to, if the client asks for it. */
  readonly upgrade: string | null
  readonly expect: 'nothing' | 'continue' | 'unsupported'
}

export type RequestFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }

const repeatableMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Whether sending it twice does the same as sending it once, with nothing kept for the second time. */
export const isRepeatable = (head: RequestHead): boolean =>
  head.framing.kind === 'none' && repeatableMethods.has(head.method)

/** Stands for a request that can't be read, whose answer is nevertheless sent. */
export const unreadable: RequestHead = {
  method: 'GET',
  target: '/',
  authority: '',
  hostname: '',
  protocol: 'http2.0',
  lines: '',
  accept: '',
  via: '',
  forwardedFor: '',
  forwardedProto: '',
  requestId: '',
  framing: { kind: 'none' },
  keepAlive: false,
  upgrade: null,
  expect: 'nothing',
}
