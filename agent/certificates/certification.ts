import type { Certification } from '../core/ports/certification.ts'

/** What is loaded for a certificate is loaded when the first one is wanted: most agents need none for days. */
export function openCertification(): Certification {
  return {
    async trustedRoots() {
      const { getCACertificates } = await import('node:tls')
      return [...new Set((['bundled', 'system', 'extra'] as const).flatMap((kind) => getCACertificates(kind)))]
    },
  }
}
