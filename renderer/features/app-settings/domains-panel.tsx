import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { addDomain } from '../../commands/acts/domains.ts'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import { AddField } from './add-field.tsx'
import styles from './app-settings.module.css'
import { DomainRow } from './domain-row.tsx'
import { Pending } from './pending.tsx'

/** No event tells of a record that somebody changed in the DNS, which the server asks at most once a minute. */
const lookMs = 30_000

export function DomainsPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const domains = useResource('domains.list', target, summary.online ? { pollMs: lookMs } : {})
  const obstacle = useObstacle(summary, 'operate')
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === target.serverId)
  const [hostname, setHostname] = useState('')
  const add = useAction(async () => {
    await addDomain(target, hostname.trim().toLowerCase())
    setHostname('')
    domains.reload()
  })
  return (
    <Panel title="Domains" hint="host names that lead to this app" isFlush>
      <Pending summary={summary} of={domains} rows={2} />
      <ul className={styles.list} aria-label="Domains">
        {domains.data?.map((domain) => (
          <DomainRow key={domain.id} domain={domain} server={server} summary={summary} />
        ))}
      </ul>
      <AddField
        label="Host name"
        placeholder="www.example.com, or *.example.com for all below it"
        verb="Add domain"
        value={hostname}
        onChange={setHostname}
        obstacle={obstacle}
        action={add}
        onSubmit={() => void add.run()}
      />
    </Panel>
  )
}
