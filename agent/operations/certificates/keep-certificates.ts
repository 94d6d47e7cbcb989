import { isExpiring, renewalTime } from '../../core/domains/renewal.ts'
import { certificateFor } from '../../core/domains/serving-certificates.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AutomatedDomainRow } from '../../core/ports/domains/automated-domain-store.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { keepLocal } from './local-certificates.ts'
import { obtainCertificate } from './obtain-certificate.ts'

const dayMs = 24 * 60 * 60_000
/** How often an authority is asked whether it wants a certificate renewed earlier: it may have to be revoked. */
const windowLookMs = dayMs / 2

/** Gets and renews certificates of the domains that want it, one after the other, and tells of those that are about to expire. */
export function keepCertificates(context: Context): void {
  const { background, clock, report, settings } = context
  const looks = new Map<string, number>()
  const alarms = new Map<string, number>()
  background.run('keeping certificates', async () => {
    for (;;) {
      await context.certificateWork.wait(clock.delay(settings.certificateLookMs, background.signal))
      await keepAll(context, looks, alarms).catch((error: unknown) => {
        background.signal.throwIfAborted()
        report('keeping certificates failed', error)
      })
    }
  })
}

async function keepAll(context: Context, looks: Map<string, number>, alarms: Map<string, number>): Promise<void> {
  for (const app of context.store.apps.list()) {
    context.background.signal.throwIfAborted()
    await keepLocal(context, app)
    if (app.acm) await keepApp(context, app, looks)
    tellOfExpiring(context, app, alarms)
  }
}

async function keepApp(context: Context, app: AppRow, looks: Map<string, number>): Promise<void> {
  for (const domain of context.store.domains.list(app.id)) {
    if (domain.kind !== 'custom') continue
    const row = context.store.automatedDomains.byDomain(domain.id)
    if (row?.status === 'cert issued') await askForWindow(context, row, looks)
    const due = context.store.automatedDomains.byDomain(domain.id)
    if (due === null || Date.parse(due.nextAt) <= context.clock.now()) await obtainCertificate(context, app, domain)
  }
}

async function askForWindow(context: Context, row: AutomatedDomainRow, looks: Map<string, number>): Promise<void> {
  const { background, certification, clock, store } = context
  const nowMs = clock.now()
  if (nowMs - (looks.get(row.domainId) ?? 0) < windowLookMs) return
  looks.set(row.domainId, nowMs)
  const certificate = store.certificates.list(row.appId).find(({ id }) => id === row.domainId)
  if (!certificate) return
  // An authority that can't be asked changes nothing.
  const window = await certification.acme.renewalWindow(certificate.certificate, background.signal).catch(() => null)
  if (!window) return
  const nextMs = renewalTime(certificate, window, context.chance())
  // Each look would move it within the window: only one that moved away itself counts.
  const knownMs = Date.parse(row.nextAt)
  if (knownMs < window.startMs || knownMs > window.endMs) {
    store.automatedDomains.put({ ...row, nextAt: new Date(nextMs).toISOString() })
  }
}

/** Once a day, in the log of the app that it is shown for. */
function tellOfExpiring(context: Context, app: AppRow, alarms: Map<string, number>): void {
  const nowMs = context.clock.now()
  for (const { domain, expiresAt } of expiringOf(context, app)) {
    const key = `${domain.id} ${expiresAt}`
    if (nowMs - (alarms.get(key) ?? 0) < dayMs) continue
    alarms.set(key, nowMs)
    context.logs.writeLine(app.id, 'api', logTexts.certificateExpiring(domain.hostname, expiresAt))
  }
}

/** Domains of an app whose visitors will soon meet an expired certificate. */
function expiringOf(
  { clock, store }: Pick<Context, 'clock' | 'store'>,
  app: AppRow,
): { domain: DomainRow; expiresAt: string }[] {
  const nowMs = clock.now()
  const certificates = store.certificates.list(app.id)
  if (certificates.length === 0) return []
  return store.domains.list(app.id).flatMap((domain) => {
    const shown = certificateFor(domain, certificates, nowMs)
    return shown && shown.origin !== 'local' && isExpiring(shown, nowMs) ? [{ domain, expiresAt: shown.expiresAt }] : []
  })
}

/** The same of all apps, by name. */
export function expiringHostnames(context: Pick<Context, 'clock' | 'store'>): string[] {
  return context.store.apps.list().flatMap((app) => expiringOf(context, app).map(({ domain }) => domain.hostname))
}
