import type { Acme, Certification } from '../core/ports/domains/certification.ts'
import type { AcmeOptions } from './acme/acme.ts'
import type { AcmeSettings } from './acme-settings.ts'
import type { DnsProvider } from './dns/dns-provider.ts'
import { openLocalAuthority } from './local-authority.ts'

export interface CertificationOptions {
  readonly acme: AcmeSettings
  /** Where only root reads. */
  readonly keyDirectory: string
  readonly serverName: string
}

/** What is loaded for a certificate is loaded when the first one is wanted: most agents need none for days. */
export function openCertification(
  { acme, keyDirectory, serverName }: CertificationOptions,
  patience: Pick<AcmeOptions, 'patienceMs' | 'firstLookMs'> = {},
): Certification {
  return {
    acme: openAcme(acme, patience),
    local: openLocalAuthority(keyDirectory, serverName),
    async trustedRoots() {
      const { getCACertificates } = await import('node:tls')
      return [...new Set((['bundled', 'system', 'extra'] as const).flatMap((kind) => getCACertificates(kind)))]
    },
    async makeKey() {
      return (await import('./x509.ts')).makeKey()
    },
  }
}

function openAcme({ dns, ...settings }: AcmeSettings, patience: Pick<AcmeOptions, 'patienceMs' | 'firstLookMs'>): Acme {
  let client: Promise<Acme> | null = null
  const proofs = dns ? settings.proofs : settings.proofs.filter((kind) => kind !== 'dns-01')
  const load = async (): Promise<Acme> => {
    const { AcmeClient } = await import('./acme/acme.ts')
    return new AcmeClient({ ...settings, ...patience, proofs, dns: await openDns(dns) })
  }
  const get = () => (client ??= load())
  return {
    directory: settings.directory,
    proofs,
    register: async (key, signal) => (await get()).register(key, signal),
    obtain: async (order, signal) => (await get()).obtain(order, signal),
    renewalWindow: async (certificate, signal) => (await get()).renewalWindow(certificate, signal),
  }
}

async function openDns(dns: AcmeSettings['dns']): Promise<DnsProvider | null> {
  if (dns === null) return null
  if (dns.kind === 'exec') return (await import('./dns/exec-dns.ts')).openExecDns(dns.program)
  return (await import('./dns/nsupdate-dns.ts')).openNsupdateDns(dns)
}
