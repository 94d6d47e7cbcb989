import { z } from 'zod'
import { appReference, id, timestamp } from '../common.ts'

/** As the DNS has it: `Bücher.example.` is `xn--bcher-kva.example`. What is no host name stays as it is. */
export function toHostname(text: string): string {
  const name = text.trim().replace(/\.$/, '')
  return /^[^\s/?#@:\\[\]]+$/.test(name) && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name
}

/** `*.example.com` is for all names below it that are nobody's by themselves. */
export const hostname = z
  .string()
  .max(253)
  .overwrite(toHostname)
  .regex(
    /^(?=.{3,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/,
    'must be a host name such as www.example.com or *.example.com',
  )

/** Extension: what the DNS should say of a domain, and what it says. Records are as in a zone: `www.example.com A 203.0.113.5`. */
export const domainDns = z.strictObject({
  /** `partly`: some visitors get elsewhere. `unknown`: nobody could be asked. */
  state: z.enum(['ok', 'partly', 'elsewhere', 'missing', 'unknown']),
  /** Any of these will do. */
  expected: z.array(z.string()),
  found: z.array(z.string()),
  /** What to do, a sentence; null when all is well. */
  message: z.string().nullable(),
})
export type DomainDns = z.infer<typeof domainDns>

/** Extension: the certificate that visitors of a domain see. */
export const domainCertificate = z.strictObject({
  /** Uploaded, got by the server from an authority (`acme`), or made by the server's own (`local`), which few browsers trust. */
  origin: z.enum(['uploaded', 'acme', 'local']),
  expires_at: timestamp,
  /** Its end is near, and no other is there yet. */
  expires_soon: z.boolean(),
})

export const domain = z.strictObject({
  /** How far the server is with a certificate that it gets by itself; null where it gets none. */
  acm_status: z.enum(['pending', 'cert issued', 'failing', 'failed']).nullable(),
  /** Why there is none yet. */
  acm_status_reason: z.string().nullable(),
  app: appReference,
  /** Where the record of a custom domain leads to: a name for a CNAME where the app has one in everybody's DNS, else an address of the server's. */
  cname: z.string().nullable(),
  created_at: timestamp,
  hostname,
  id,
  /** `heroku` is the platform's own name of the app (`<app>.localhost`), `custom` one that a user added. */
  kind: z.enum(['heroku', 'custom']),
  updated_at: timestamp,
  /** `none`: it is routed as soon as it was added, and there is nothing to wait for. */
  status: z.enum(['none', 'pending', 'succeeded', 'failed']),
  /** The certificate that is shown for it. */
  sni_endpoint: z.strictObject({ id, name: z.string() }).nullable(),
  /** Extension; null where visitors have no https. An older agent does not tell. */
  certificate: domainCertificate.nullable().optional(),
  /** Extension; null for an app's own name, which needs no DNS. An older agent does not tell. */
  dns: domainDns.nullable().optional(),
})
export type Domain = z.infer<typeof domain>

/** Name or id of one of the app's certificates. Null: whichever covers the name best. */
const sniEndpoint = z.string().nullable()

/** The published schema wants `sni_endpoint` named; the stock client names it, other programs need not. */
export const domainCreate = z.strictObject({ hostname, sni_endpoint: sniEndpoint.optional() })
export type DomainCreate = z.infer<typeof domainCreate>

export const domainUpdate = z.strictObject({ sni_endpoint: sniEndpoint })
export type DomainUpdate = z.infer<typeof domainUpdate>
