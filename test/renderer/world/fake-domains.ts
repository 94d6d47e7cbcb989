import type { BridgeDomain } from '../../../electron/bridge/contract.ts'
import { ago } from './fake-world.ts'

/** What visitors of a domain meet: one is served well, one's DNS leads elsewhere. */
export function meetingOf(hostname: string): Pick<BridgeDomain, 'certificate' | 'dns'> {
  const expected = [`${hostname} A 203.0.113.5`]
  if (!hostname.startsWith('www.')) {
    const certificate = { origin: 'acme' as const, expires_at: inDays(76), expires_soon: false }
    return { certificate, dns: { state: 'ok', expected, found: expected, message: null } }
  }
  const message =
    'It leads to 198.51.100.7, and this server is 203.0.113.5. Change the record where you manage the domain.'
  return { certificate: null, dns: { state: 'elsewhere', expected, found: [`${hostname} A 198.51.100.7`], message } }
}

const inDays = (days: number): string => ago(-days * 24 * 60)
