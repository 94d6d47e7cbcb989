import { z } from 'zod'
import { appReference, id, timestamp } from '../common.ts'

/**
 * A certificate of an app, with whatever its router needs to show it: uploaded, got from an authority by itself, or made by the
 * server's own. The key is never told.
 */
export const sniEndpoint = z.strictObject({
  app: appReference,
  /** PEM: the leaf first, then what leads to its root. */
  certificate_chain: z.string(),
  created_at: timestamp,
  display_name: z.string().nullable(),
  /** Ids of the domains that it is shown for. */
  domains: z.array(id),
  id,
  name: z.string(),
  updated_at: timestamp,
  ssl_cert: z.strictObject({
    /** True: the server got it and renews it by itself. */
    acm: z.boolean(),
    /** Signed by an authority, and not by its own key. */
    'ca_signed?': z.boolean(),
    cert_domains: z.array(z.string()),
    expires_at: timestamp,
    id,
    issuer: z.string(),
    'self_signed?': z.boolean(),
    starts_at: timestamp,
    subject: z.string(),
  }),
})
export type SniEndpoint = z.infer<typeof sniEndpoint>

const pem = z
  .string()
  .min(1)
  .max(64 * 1024)

/** Both PEM; the key without a passphrase. */
export const sniEndpointCreate = z.strictObject({ certificate_chain: pem, private_key: pem })
export type SniEndpointCreate = z.infer<typeof sniEndpointCreate>
