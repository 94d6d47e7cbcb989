import type { AppSummary, BridgeDomain, Certificate } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { appCommands } from '../../commands/places/app-commands.ts'
import { Panel } from '../../components/page/panel.tsx'
import { ToneBadge } from '../../components/tone-badge.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { formatDay, sayNames } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './app-settings.module.css'
import { Pending } from './pending.tsx'

/** What the router can show for the app's names, and the way to bring one's own. */
export function CertificatesPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const certificates = useResource('certificates.list', target)
  const { data } = certificates
  const domains = useResource('domains.list', target).data ?? []
  return (
    <Panel
      title="Certificates"
      hint="what visitors see over https"
      isFlush
      actions={<CommandButton command={appCommands['add-certificate']} subject={{ summary }} size="compact-xs" />}
    >
      <Pending summary={summary} of={certificates} rows={1} />
      {data?.length === 0 && (
        <div className={`${styles.row} dim`}>
          None yet. Let the server get one for each domain of your own (above), or upload what you have.
        </div>
      )}
      <ul className={styles.list} aria-label="Certificates">
        {data?.map((certificate) => (
          <CertificateRow key={certificate.id} summary={summary} certificate={certificate} domains={domains} />
        ))}
      </ul>
    </Panel>
  )
}

interface CertificateRowProps {
  summary: AppSummary
  certificate: Certificate
  domains: readonly BridgeDomain[]
}

function CertificateRow({ summary, certificate, domains }: CertificateRowProps) {
  const { name, ssl_cert } = certificate
  const shownFor = domains.filter(({ sni_endpoint }) => sni_endpoint?.id === certificate.id)
  const meeting = shownFor[0]?.certificate
  const isUploaded = !ssl_cert.acm && meeting?.origin !== 'local'
  const subject = { summary, certificate }
  // What it was made for by hand: a test, or a proxy that is told to take it.
  const isStrange = isUploaded && ssl_cert['self_signed?']
  const isOver = Date.parse(ssl_cert.expires_at) < Date.now()
  return (
    <li className={styles.row} {...(isUploaded && rightClick('certificate', subject))}>
      <div className={styles.grow}>
        <div className={styles.name}>{sayNames(ssl_cert.cert_domains)}</div>
        <div className={styles.note}>
          {name}, {isUploaded ? 'uploaded' : 'renewed by the server itself'}, {sayIssuer(certificate)}{' '}
          {shownFor.length === 0
            ? 'Shown for no domain of this app.'
            : `Shown for ${sayNames(shownFor.map(({ hostname }) => hostname))}.`}
        </div>
      </div>
      <div className={styles.badges}>
        <ToneBadge tone={isOver || meeting?.expires_soon ? 'bad' : isStrange ? 'warning' : 'up'}>
          {isOver ? 'expired' : 'until'} {formatDay(ssl_cert.expires_at)}
        </ToneBadge>
      </div>
      {isUploaded && <CommandMenu place="certificate" subject={subject} />}
    </li>
  )
}

/** `/C=US/O=Let's Encrypt/CN=R11`: its own name, or all of it where it has none. */
function sayIssuer({ ssl_cert }: Certificate): string {
  if (ssl_cert['self_signed?']) return 'signed by itself, of which every browser warns.'
  return `issued by ${/\/CN=([^/]+)/.exec(ssl_cert.issuer)?.[1] ?? ssl_cert.issuer}.`
}
