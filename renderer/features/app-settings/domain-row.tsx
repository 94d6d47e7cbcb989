import type { AppSummary, BridgeDomain, Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { domainCommands } from '../../commands/places/domain-commands.ts'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { type BadgeTone, ToneBadge } from '../../components/tone-badge.tsx'
import { formatDay } from '../../lib/format.ts'
import styles from './app-settings.module.css'
import { DnsRecords } from './dns-records.tsx'

interface DomainRowProps {
  readonly summary: AppSummary
  readonly domain: BridgeDomain
  /** Where the app is; undefined until that is known. */
  readonly server: Server | undefined
}

/** A host name with what its visitors meet: the DNS on the way, and the certificate there. */
export function DomainRow({ summary, domain, server }: DomainRowProps) {
  const { hostname, kind, dns, certificate } = domain
  const subject = { summary, domain }
  const isFailing = isWithout(domain)
  return (
    <li className={styles.row} {...rightClick('domain', subject)}>
      <div className={styles.grow}>
        <div className={styles.name}>{hostname}</div>
        {notesOn(domain).map((note) => (
          <div key={note} className={styles.note}>
            {note}
          </div>
        ))}
        {dns && dns.state !== 'ok' && <DnsRecords dns={dns} />}
        {certificate?.origin === 'local' && server && (
          <CommandButton command={serverCommands.trust} subject={{ server }} size="compact-xs" mt={4} />
        )}
        {isFailing && (
          <CommandButton command={domainCommands['retry-certificate']} subject={subject} size="compact-xs" mt={4} />
        )}
      </div>
      <div className={styles.badges}>
        {dns && <DnsBadge dns={dns} />}
        <CertificateBadge domain={domain} />
        {kind === 'heroku' && <ToneBadge tone="quiet">built in</ToneBadge>}
      </div>
      {kind === 'custom' && <CommandMenu place="domain" subject={subject} />}
    </li>
  )
}

type Dns = NonNullable<BridgeDomain['dns']>

const dnsBadges: Record<Dns['state'], [BadgeTone, string]> = {
  ok: ['up', 'DNS leads here'],
  partly: ['warning', 'DNS: partly elsewhere'],
  elsewhere: ['warning', 'DNS: elsewhere'],
  missing: ['warning', 'DNS: no record'],
  unknown: ['quiet', 'DNS: not asked'],
}

function DnsBadge({ dns }: { dns: Dns }) {
  const [tone, text] = dnsBadges[dns.state]
  return <ToneBadge tone={tone}>{text}</ToneBadge>
}

function CertificateBadge({ domain: { acm_status, certificate, kind } }: { domain: BridgeDomain }) {
  if (certificate?.expires_soon) return <ToneBadge tone="bad">expires {formatDay(certificate.expires_at)}</ToneBadge>
  if (certificate) return <ToneBadge tone="up">https until {formatDay(certificate.expires_at)}</ToneBadge>
  if (acm_status === 'pending') return <ToneBadge tone="quiet">certificate on its way</ToneBadge>
  if (acm_status !== null) return <ToneBadge tone="bad">no certificate</ToneBadge>
  return kind === 'custom' ? <ToneBadge tone="quiet">http only</ToneBadge> : null
}

const isWithout = ({ acm_status, certificate }: BridgeDomain): boolean =>
  (acm_status === 'failing' || acm_status === 'failed') && (!certificate || certificate.expires_soon)

/** Sentences on what is wrong and what to do, each on its own line. */
function notesOn(domain: BridgeDomain): string[] {
  const { acm_status, acm_status_reason, certificate, dns } = domain
  const isPending = acm_status === 'pending' && !certificate
  return [
    ...(dns?.message ? [dns.message] : []),
    ...(certificate?.expires_soon ? [sayExpiry(certificate)] : []),
    ...(isWithout(domain) && acm_status_reason ? [`${acm_status_reason} The server tries again by itself.`] : []),
    ...(isPending && dns?.state === 'ok'
      ? ['The server is asking for its certificate now, which takes a moment.']
      : []),
    ...(acm_status === null && !certificate && dns?.state === 'ok'
      ? ['For https turn on automated certificates, or upload one, below.']
      : []),
    ...(certificate?.origin === 'local'
      ? ["Signed by this server's own authority: only computers that trust it see no warning."]
      : []),
  ]
}

function sayExpiry({ origin }: NonNullable<BridgeDomain['certificate']>): string {
  return origin === 'uploaded'
    ? 'Its certificate ends soon, and visitors then get a warning: upload its successor, or turn on automated certificates.'
    : 'Its certificate ends soon, and the server has not got the next one yet.'
}
