import { Anchor } from '@mantine/core'
import type { AppSummary, BridgeDomain, Server } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { addressOf } from '../../lib/apps/address.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { formatDay } from '../../lib/format.ts'
import { openLink } from '../../stores/links.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './overview.module.css'

/** More stand in the settings. */
const shownMost = 6

/** Where the app answers: everybody at its own names, and whoever sits here without any DNS. */
export function AddressPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data = [] } = useResource('domains.list', target)
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === summary.serverId)
  // Those under localhost are this computer's, which the desktop's own address stands for.
  const own = data.filter(({ hostname }) => !hostname.endsWith('.localhost'))
  const named = own.toSorted((one, other) => Number(one.kind === 'heroku') - Number(other.kind === 'heroku'))
  const { url } = summary
  if (url === null && named.length === 0) return null
  return (
    <Panel
      title="Address"
      actions={
        <Anchor component={RouteLink} to={{ screen: 'app', ...target, tab: 'settings' }} size="xs">
          Domains
        </Anchor>
      }
    >
      <ul className={styles.addresses}>
        {named.slice(0, shownMost).map((domain) => (
          <DomainAddress key={domain.id} domain={domain} server={server} />
        ))}
        {named.length > shownMost && <li className="dim">and {named.length - shownMost} more</li>}
        {url !== null && (
          <li>
            <Address url={url} />
            {named.length > 0 && <div className={styles.addressNote}>from this computer, without any DNS</div>}
          </li>
        )}
      </ul>
    </Panel>
  )
}

function DomainAddress({ domain, server }: { domain: BridgeDomain; server: Server | undefined }) {
  const url = addressOf(domain, server?.agent?.router ?? null)
  const problem = problemOf(domain)
  return (
    <li>
      {url === null ? <div className="truncate">{domain.hostname}</div> : <Address url={url} />}
      {problem && (
        <div className={styles.addressNote} data-bad>
          {problem}
        </div>
      )}
    </li>
  )
}

function Address({ url }: { url: string }) {
  return (
    <div className={styles.address}>
      <Anchor
        href={url}
        className="truncate"
        fz="sm"
        title={url}
        onClick={(event) => {
          event.preventDefault()
          openLink(url)
        }}
      >
        {url.replace(/^http:\/\//, '')}
      </Anchor>
      <CopyButton text={url} label="Copy address" />
    </div>
  )
}

/** What keeps visitors from it, or soon will; the settings say what to do. */
function problemOf({ dns, certificate, acm_status }: BridgeDomain): string | null {
  if (dns?.state === 'missing') return 'The DNS has no record of it.'
  if (dns?.state === 'elsewhere') return 'The DNS leads elsewhere.'
  if (dns?.state === 'partly') return 'The DNS leads some visitors elsewhere.'
  if (certificate?.expires_soon) return `Its certificate expires on ${formatDay(certificate.expires_at)}.`
  if (!certificate && (acm_status === 'failing' || acm_status === 'failed')) return 'It has no certificate so far.'
  return null
}
