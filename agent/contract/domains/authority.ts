import { z } from 'zod'
import { timestamp } from '../common.ts'

/** Extension: the server's own authority, for names that no authority speaks for whom browsers trust. Its key is never told. */
export const authority = z.strictObject({
  /** PEM. */
  certificate: z.string(),
  /** SHA-256 of the certificate, `AB:CD:...`, to be compared before it is trusted. */
  fingerprint: z.string(),
  name: z.string(),
  /** What it can speak for at all: these and all below them, and addresses of private networks. */
  domains: z.array(z.string()),
  expires_at: timestamp,
})
export type Authority = z.infer<typeof authority>
