import { randomUUID, X509Certificate } from 'node:crypto'
import type { Authority } from '../../contract/domains/authority.ts'
import { notFound } from '../../contract/errors.ts'
import type { CertificateRow } from '../../core/ports/domains/certificate-store.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { certificateName } from './upload-certificate.ts'

const renewalMs = 30 * 24 * 60 * 60_000

/** Makes the authority if there is none; from now on apps' local names get certificates of it. */
export async function makeAuthority(context: Context): Promise<Authority> {
  await context.certification.local.make()
  context.certificateWork.want()
  return readAuthority(context)
}

export async function readAuthority({ certification }: Context): Promise<Authority> {
  const certificate = await certification.local.certificate()
  if (certificate === null) throw notFound('authority', 'this server has made none')
  const { fingerprint256, subject, validTo } = new X509Certificate(certificate)
  return {
    certificate,
    fingerprint: fingerprint256,
    name: subject.replace(/^CN=/, ''),
    domains: [...certification.local.domains],
    expires_at: new Date(validTo).toISOString(),
  }
}

/** With all that it signed. Computers that trust it are told nothing: what they trust speaks no more. */
export async function destroyAuthority(context: Context): Promise<Authority> {
  const authority = await readAuthority(context)
  await context.certification.local.destroy()
  for (const { id, origin } of context.store.certificates.listAll()) {
    if (origin === 'local') context.store.certificates.remove(id)
  }
  await context.routes.applyOrReport()
  return authority
}

/** A leaf for each local name of the app, renewed a month ahead; leaves of names that are gone go. */
export async function keepLocal(context: Context, app: AppRow): Promise<void> {
  const { certification, clock, store } = context
  if ((await certification.local.certificate()) === null) return
  const names = localNames(context, app)
  const rows = store.certificates.list(app.id).filter(({ origin }) => origin === 'local')
  let isChanged = false
  for (const row of rows) {
    if (names.includes(row.hostnames[0] ?? '')) continue
    store.certificates.remove(row.id)
    isChanged = true
  }
  for (const hostname of names) {
    const before = rows.find((row) => row.hostnames[0] === hostname)
    if (before && Date.parse(before.expiresAt) - clock.now() > renewalMs) continue
    const pair = await certification.local.issue(hostname)
    if (!pair) return
    store.certificates.put(rowOf(context, app, { hostname, pair, before }))
    isChanged = true
  }
  if (isChanged) await context.routes.applyOrReport(app.id)
}

function localNames({ certification, defaultNames, store }: Context, app: AppRow): string[] {
  const all = [...store.domains.list(app.id).map(({ hostname }) => hostname), ...defaultNames.of(app.name)]
  const { domains } = certification.local
  // `*.localhost` is served by each desktop's own gateway.
  return all.filter((name) => !name.endsWith('.localhost') && domains.some((domain) => name.endsWith(`.${domain}`)))
}

interface Issued {
  readonly hostname: string
  readonly pair: { readonly certificate: string; readonly key: string }
  readonly before: CertificateRow | undefined
}

function rowOf(context: Context, app: AppRow, { before, hostname, pair }: Issued): CertificateRow {
  const leaf = new X509Certificate(pair.certificate)
  const now = timestamp(context)
  return {
    ...(before ?? { id: randomUUID(), appId: app.id, name: certificateName(), origin: 'local', createdAt: now }),
    ...pair,
    hostnames: [hostname],
    startsAt: new Date(leaf.validFrom).toISOString(),
    expiresAt: new Date(leaf.validTo).toISOString(),
    updatedAt: now,
  }
}
