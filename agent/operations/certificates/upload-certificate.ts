import { randomInt, randomUUID } from 'node:crypto'
import type { SniEndpointCreate } from '../../contract/domains/sni-endpoint.ts'
import { HearthError } from '../../contract/errors.ts'
import { generateAppName } from '../../core/apps/app-name.ts'
import { limits } from '../../core/limits.ts'
import type { CertificateRow } from '../../core/ports/domains/certificate-store.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { checkCertificate } from './check-certificate.ts'

/** Adds a certificate to an app, or puts another in the place of `replaced`; it is shown from the next connection on. */
export async function uploadCertificate(
  context: Context,
  app: AppRow,
  request: SniEndpointCreate,
  replaced: CertificateRow | null = null,
): Promise<CertificateRow> {
  const { certificates } = context.store
  const checked = await checkCertificate(
    { chain: request.certificate_chain, key: request.private_key },
    { certification: context.certification, nowMs: context.clock.now() },
  )
  if (!replaced && certificates.list(app.id).length >= limits.certificatesPerApp) {
    throw new HearthError(
      'invalid_params',
      `${app.name} has ${limits.certificatesPerApp} certificates, which is the limit.`,
    )
  }
  if (replaced && replaced.origin !== 'uploaded') {
    throw new HearthError(
      'invalid_params',
      `${replaced.name} is renewed by the server itself. Add yours as another one: it goes first.`,
    )
  }
  const now = timestamp(context)
  const row: CertificateRow = {
    ...(replaced ?? { id: randomUUID(), appId: app.id, name: certificateName(), origin: 'uploaded', createdAt: now }),
    ...checked,
    updatedAt: now,
  }
  certificates.put(row)
  context.events.changed('domains', app)
  await context.routes.applyOrReport(app.id)
  return row
}

export async function removeCertificate(context: Context, app: AppRow, row: CertificateRow): Promise<void> {
  context.store.certificates.remove(row.id)
  context.events.changed('domains', app)
  await context.routes.applyOrReport(app.id)
}

/** Heroku names them in the same way as apps. */
export const certificateName = (): string => generateAppName((below) => randomInt(below))
