import type { ErrorEnvelope } from '../../electron/bridge/contract.ts'

/** Whatever was thrown, as the one shape that the screens show. */
export function asEnvelope(thrown: unknown): ErrorEnvelope {
  if (isEnvelope(thrown)) return thrown
  if (thrown instanceof Error) return { id: 'internal', message: thrown.message, detail: thrown.stack ?? null }
  return { id: 'internal', message: 'Something failed without saying why.', detail: String(thrown) }
}

function isEnvelope(value: unknown): value is ErrorEnvelope {
  return typeof value === 'object' && value !== null && 'id' in value && 'message' in value
}
