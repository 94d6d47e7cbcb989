// The dyno or its network said no.
const refused = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EPIPE',
])

/** Why a connection to a dyno did not come about: it did not answer, it refused, or this machine could not even try. */
export function judgeConnectError(error: NodeJS.ErrnoException | null): 'H19' | 'H21' | 'H99' {
  if (error?.code === 'ETIMEDOUT') return 'H19'
  return error === null || refused.has(error.code ?? '') ? 'H21' : 'H99'
}
