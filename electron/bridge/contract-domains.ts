import { z } from 'zod'
import { domain, hostname } from '../../agent/contract/domains/domain.ts'
import { sniEndpoint, sniEndpointCreate } from '../../agent/contract/domains/sni-endpoint.ts'
import { tlsSettings } from '../../agent/contract/domains/tls-settings.ts'
import { call } from './define.ts'

export type BridgeDomain = z.infer<typeof domain>
export type Certificate = z.infer<typeof sniEndpoint>

/** An app's switches for https: those of the router, and whether it gets certificates by itself. */
export const httpsSettings = z.strictObject({ acm: z.boolean(), ...tlsSettings.shape })
export type HttpsSettings = z.infer<typeof httpsSettings>

const target = { serverId: z.string(), app: z.string() }

/** The names of an app, and what its visitors meet there over https. */
export const calls = {
  'domains.list': call(z.strictObject(target), z.array(domain)),
  'domains.add': call(z.strictObject({ ...target, hostname }), domain),
  'domains.remove': call(z.strictObject({ ...target, hostname: z.string() }), z.strictObject({})),
  'httpsSettings.get': call(z.strictObject(target), httpsSettings),
  'httpsSettings.update': call(z.strictObject({ ...target, update: httpsSettings.partial() }), httpsSettings),
  /** Those that were uploaded, and those that the server got or made by itself. */
  'certificates.list': call(z.strictObject(target), z.array(sniEndpoint)),
  /** In the place of the one that `replaces` names, or as a new one where it is null. The key goes to the server and is told by nobody. */
  'certificates.upload': call(
    z.strictObject({ ...target, replaces: z.string().nullable(), ...sniEndpointCreate.shape }),
    sniEndpoint,
  ),
  /** Asks the authority again at once for those that the server could not get so far. */
  'certificates.refresh': call(z.strictObject(target), z.strictObject({})),
  'certificates.remove': call(z.strictObject({ ...target, name: z.string() }), z.strictObject({})),
} as const
