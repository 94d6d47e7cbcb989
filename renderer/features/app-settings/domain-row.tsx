import { Badge } from '@mantine/core'
import type { AppSummary, BridgeDomain, Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import styles from './app-settings.module.css'

interface DomainRowProps {
  readonly summary: AppSummary
  readonly domain: BridgeDomain
  /** Where the app is; undefined until that is known. */
  readonly server: Server | undefined
}

/** A host name with what its visitors meet: the DNS on the way, and the certificate there. */
export function DomainRow({ summary, domain, server }: DomainRowProps) {
  const { hostname, kind } = domain
  const subject = { summary, domain }
  const notes = notesOn(domain)
  return (
    <li className={styles.row} {...rightClick('domain', subject)}>
      <div className={styles.grow}>
        <div className="truncate">{hostname}</div>
        {notes.map((note) => (
          <div key={note} className={styles.note}>
            {note}
          </div>
        ))}
        {domain.certificate?.origin === 'local' && server && (
          <CommandButton command={serverCommands.trust} subject={{ server }} size="compact-xs" mt={4} />
        )}
      </div>
      <DnsBadge domain={domain} />
      <CertificateBadge domain={domain} />
      {kind === 'heroku' && <Badge color="gray">built in</Badge>}
      {kind === 'custom' && <CommandMenu place="domain" subject={subject} />}
    </li>
  )
}

const dnsWords = {
  partly: 'DNS: partly elsewhere',
  elsewhere: 'DNS: elsewhere',
  missing: 'DNS: no record',
  unknown: 'DNS: not asked',
}

function DnsBadge({ domain: { dns } }: { domain: BridgeDomain }) {
  if (!dns || dns.state === 'ok') return null
  if (dns.state === 'unknown') return <Badge color="gray">{dnsWords.unknown}</Badge>
  return (
    <Badge color="yellow" c="var(--h-warn)">
      {dnsWords[dns.state]}
    </Badge>
  )
}

function CertificateBadge({ domain: { acm_status, certificate, kind } }: { domain: BridgeDomain }) {
  if (certificate?.expires_soon) return <Badge color="red">expires {dayOf(certificate.expires_at)}</Badge>
  if (certificate)
    return (
      <Badge c="var(--h-ok)" bg="var(--h-ok-soft)">
        https until {dayOf(certificate.expires_at)}
      </Badge>
    )
  if (acm_status === 'pending') return <Badge color="gray">certificate on its way</Badge>
  if (acm_status !== null) return <Badge color="red">no certificate</Badge>
  return kind === 'custom' ? <Badge color="gray">http only</Badge> : null
}

/** Sentences on what to do, each on its own line. */
function notesOn({ acm_status, acm_status_reason, certificate, dns }: BridgeDomain): string[] {
  const isFailing = acm_status === 'failing' || acm_status === 'failed'
  return [
    ...(dns?.message ? [dns.message] : []),
    ...(isFailing && acm_status_reason && !certificate ? [acm_status_reason] : []),
    ...(certificate?.origin === 'local'
      ? ["Signed by this server's own authority: only computers that trust it see no warning."]
      : []),
  ]
}

const dayOf = (time: string): string =>
  new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
