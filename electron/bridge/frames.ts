import { z } from 'zod'
import type { ErrorEnvelope } from './contract.ts'

/** `i` numbers a call or stream, chosen by the client; `n` names it, `p` are its parameters, `c` is credit in bytes. */
const exchangeId = z.number().int().positive().max(0xffff_ffff)

/** What a renderer may send as text. Everything else closes the wire. */
export const clientFrame = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), i: exchangeId, n: z.string(), p: z.unknown() }),
  z.strictObject({ t: z.literal('open'), i: exchangeId, n: z.string(), p: z.unknown() }),
  z.strictObject({ t: z.literal('end'), i: exchangeId }),
  z.strictObject({ t: z.literal('cancel'), i: exchangeId }),
  z.strictObject({ t: z.literal('credit'), i: exchangeId, c: z.number().int().positive() }),
])
export type ClientFrame = z.infer<typeof clientFrame>

/** What the core answers. `ok` and `error` end a call, and a stream as its result. */
export type ServerFrame =
  | { t: 'ok'; i: number; r: unknown }
  | { t: 'error'; i: number; e: ErrorEnvelope }
  | { t: 'end'; i: number }
  | { t: 'credit'; i: number; c: number }
