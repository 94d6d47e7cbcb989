/** Heroku's H codes, as far as this router gives them, with what the log line and the client see. */
export interface RoutingCode {
  readonly code: string
  readonly desc: string
  /** Status in the log line, and of the answer if none was begun; null leaves it out of the line. */
  readonly status: number | null
  readonly at: 'info' | 'warning' | 'error'
  /** Whose connection broke, for the codes whose line begins with it. */
  readonly sock?: 'backend' | 'client'
}

export type RoutingCodeName = keyof typeof routingCodes

const code = (
  name: string,
  desc: string,
  at: RoutingCode['at'],
  status: number | null,
  sock?: 'backend' | 'client',
): RoutingCode => ({ code: name, desc, at, status, ...(sock && { sock }) })

export const routingCodes = {
  H10: code('H10', 'App crashed', 'error', 503),
  H11: code('H11', 'Backlog too deep', 'error', 503),
  H12: code('H12', 'Request timeout', 'error', 503),
  H13: code('H13', 'Connection closed without response', 'error', 503),
  H14: code('H14', 'No web processes running', 'error', 503),
  H15: code('H15', 'Idle connection', 'error', 503),
  H17: code('H17', 'Poorly formatted HTTP response', 'error', 503),
  H18: code('H18', 'Server Request Interrupted', 'error', 503, 'backend'),
  H19: code('H19', 'Backend connection timeout', 'error', 503),
  H20: code('H20', 'App boot timeout', 'error', 503),
  H21: code('H21', 'Backend connection refused', 'error', 503),
  H22: code('H22', 'Connection limit reached', 'error', 503),
  H24: code('H24', 'Forced close', 'error', null),
  H25: code('H25', 'HTTP restriction', 'error', 502),
  H26: code('H26', 'Request Error', 'error', 400),
  H27: code('H27', 'Client Request Interrupted', 'warning', 499, 'client'),
  H28: code('H28', 'Client Connection Idle', 'warning', 499),
  H31: code('H31', 'Misdirected Request', 'error', 421),
  H32: code('H32', 'TLS Certificate Mismatch', 'error', 495),
  H33: code('H33', 'HTTP/2 Stream Broken', 'warning', 499),
  H34: code('H34', 'All up dynos are quarantined', 'error', 503),
  H80: code('H80', 'Maintenance mode', 'info', 503),
  H81: code('H81', 'Blank app', 'info', 503),
  H99: code('H99', 'Platform error', 'error', 503),
} as const satisfies Record<string, RoutingCode>
