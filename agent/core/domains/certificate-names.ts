/** Whether a certificate of these names is one for this host: the same name, or a wildcard in place of its first label (RFC 6125). */
export function coversHost(names: readonly string[], hostname: string): boolean {
  return names.includes(hostname) || names.includes(`*.${hostname.slice(hostname.indexOf('.') + 1)}`)
}

/** `*.example.com`: a certificate's name, or a domain that is for all names below it. */
export const isWildcard = (hostname: string): boolean => hostname.startsWith('*.')

/** The one that names the host exactly, else one with a wildcard for it; of several the first. */
export function chooseCertificate<Certificate extends { readonly hostnames: readonly string[] }>(
  certificates: readonly Certificate[],
  hostname: string,
): Certificate | null {
  const exact = certificates.find(({ hostnames }) => hostnames.includes(hostname))
  return exact ?? certificates.find(({ hostnames }) => coversHost(hostnames, hostname)) ?? null
}
