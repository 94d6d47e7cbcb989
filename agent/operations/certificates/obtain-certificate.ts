import { X509Certificate } from 'node:crypto'
import { isWildcard } from '../../core/domains/certificate-names.ts'
import { renewalTime, retryDelay } from '../../core/domains/renewal.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AcmeAccount, AutomatedDomainRow } from '../../core/ports/domains/automated-domain-store.ts'
import type { CertificateRow } from '../../core/ports/domains/certificate-store.ts'
import { AcmeProblem } from '../../core/ports/domains/certification.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { certificateName } from './upload-certificate.ts'

/** After so many failures in a row it is called failed; it is tried on all the same. */
const failuresUntilFailed = 5

/**
 * Gets a certificate for one domain: account -> order (kept before anything else happens) -> proof -> certificate -> router.
 * An agent that ends in between goes on with the order that it finds. Any failure: what is shown now is shown on, and it is tried again
 * later, the later the more often it failed.
 */
export async function obtainCertificate(context: Context, app: AppRow, domain: DomainRow): Promise<void> {
  const { background, certification, store } = context
  if (isWildcard(domain.hostname) && !certification.acme.proofs.includes('dns-01'))
    return tellLack(context, app, domain)
  const row = store.automatedDomains.byDomain(domain.id) ?? newRow(context, app, domain)
  const key = row.order?.key ?? (await certification.makeKey())
  try {
    const account = await ensureAccount(context)
    const certificate = await order(context, { account, domain, key, row })
    // Somebody may have removed it, or turned this off, meanwhile.
    if (!isWanted(context, domain)) return
    await install(context, { app, domain, row, key, certificate })
  } catch (error) {
    background.signal.throwIfAborted()
    // One domain's trouble, whatever it is, must not keep others from their certificates.
    fail(context, { app, domain, error: error as Error })
  }
  context.events.changed('domains', app)
}

/**
 * Nothing but another setting of the server can help, so nothing is tried. It stays due: a server that can is at it with its first
 * look.
 */
function tellLack(context: Context, app: AppRow, domain: DomainRow): void {
  const { events, logs, store } = context
  const row = store.automatedDomains.byDomain(domain.id) ?? newRow(context, app, domain)
  const reason = `For a wildcard authorities take dns-01 alone as a proof, and this server has no DNS provider (dns= of HEARTH_ACME in /etc/hearth/environment). Until it has one, upload a certificate for ${domain.hostname}, or add the names one by one.`
  if (row.reason === reason) return
  store.automatedDomains.put({ ...row, status: 'failed', reason, attempts: 0, order: null })
  logs.writeLine(app.id, 'api', logTexts.certificateFailed(domain.hostname, reason))
  events.changed('domains', app)
}

const isWanted = ({ store }: Context, { appId, id }: DomainRow): boolean =>
  store.apps.byId(appId)?.acm === true && store.domains.list(appId).some((domain) => domain.id === id)

const newRow = (context: Context, app: AppRow, domain: DomainRow): AutomatedDomainRow => ({
  domainId: domain.id,
  appId: app.id,
  status: 'pending',
  reason: null,
  attempts: 0,
  nextAt: timestamp(context),
  order: null,
})

async function ensureAccount({ background, certification, store }: Context): Promise<AcmeAccount> {
  const { directory } = certification.acme
  const known = store.automatedDomains.account(directory)
  if (known) return known
  const key = await certification.makeKey()
  const account = { key, url: await certification.acme.register(key, background.signal) }
  store.automatedDomains.putAccount(directory, account)
  return account
}

interface Ordered {
  readonly account: AcmeAccount
  readonly domain: DomainRow
  readonly key: string
  readonly row: AutomatedDomainRow
}

function order(context: Context, { account, domain, key, row }: Ordered): Promise<string> {
  const { background, certification, challenges, routes, store } = context
  return certification.acme.obtain(
    {
      account,
      hostname: domain.hostname,
      key,
      url: row.order?.url ?? null,
      onBegun: (url) => isWanted(context, domain) && store.automatedDomains.put({ ...row, order: { url, key } }),
      async show(challenge) {
        challenges.add(domain.appId, challenge)
        try {
          await routes.apply(domain.appId)
        } catch (error) {
          challenges.remove(domain.appId, challenge)
          throw error
        }
      },
      async hide(challenge) {
        challenges.remove(domain.appId, challenge)
        await routes.applyOrReport(domain.appId)
      },
    },
    background.signal,
  )
}

interface Obtained {
  readonly app: AppRow
  readonly domain: DomainRow
  readonly row: AutomatedDomainRow
  readonly key: string
  readonly certificate: string
}

/** One transaction: a certificate that is there and an order that is still to be asked for can't be both. */
async function install(context: Context, { app, domain, row, key, certificate }: Obtained): Promise<void> {
  const { store } = context
  const leaf = new X509Certificate(certificate)
  const life = { startsAt: new Date(leaf.validFrom).toISOString(), expiresAt: new Date(leaf.validTo).toISOString() }
  const now = timestamp(context)
  const before = store.certificates.list(app.id).find(({ id }) => id === domain.id)
  // The domain's id: each has one, and a renewal takes its place.
  const base = before ?? {
    id: domain.id,
    appId: app.id,
    name: certificateName(),
    origin: 'acme' as const,
    createdAt: now,
  }
  const next: CertificateRow = { ...base, ...life, hostnames: [domain.hostname], certificate, key, updatedAt: now }
  const nextAt = new Date(renewalTime(next, null, context.chance())).toISOString()
  store.transaction(() => {
    store.certificates.put(next)
    store.automatedDomains.put({ ...row, status: 'cert issued', reason: null, attempts: 0, nextAt, order: null })
  })
  context.logs.writeLine(app.id, 'api', logTexts.certificateIssued(domain.hostname, life.expiresAt))
  await context.routes.applyOrReport(app.id)
}

function fail(context: Context, { app, domain, error }: { app: AppRow; domain: DomainRow; error: Error }): void {
  const { certification, store } = context
  const problem = error instanceof AcmeProblem ? error : null
  if (!isWanted(context, domain)) return
  if (problem?.kind === 'account-gone') store.automatedDomains.removeAccount(certification.acme.directory)
  const row = store.automatedDomains.byDomain(domain.id) ?? newRow(context, app, domain)
  const attempts = row.attempts + 1
  const waitMs = retryDelay(attempts, problem?.retryAfterMs ?? null, context.chance())
  const isOver = problem?.kind === 'order-gone' || problem?.kind === 'account-gone' || problem?.kind === 'refused'
  store.automatedDomains.put({
    ...row,
    status: attempts >= failuresUntilFailed ? 'failed' : 'failing',
    reason: error.message,
    attempts,
    nextAt: new Date(context.clock.now() + waitMs).toISOString(),
    order: isOver ? null : row.order,
  })
  context.logs.writeLine(app.id, 'api', logTexts.certificateFailed(domain.hostname, error.message))
}
