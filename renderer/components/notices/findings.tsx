import { IconAlertTriangle } from '@tabler/icons-react'
import type { LedgerFinding } from '../../../electron/bridge/contract.ts'
import { Ago } from '../ago.tsx'
import styles from './error-notice.module.css'

const titles: Record<LedgerFinding['kind'], string> = {
  gap: 'A release is missing',
  fork: 'Two histories',
  rewrite: 'A release was rewritten',
  'bad-signature': 'A signature does not hold',
  'key-changed': 'The server signs with another key',
}

/** What the ledger found wrong. It stays on the screen: it can't be dismissed, only explained. */
export function Findings({ findings }: { findings: LedgerFinding[] }) {
  return findings.map((finding) => (
    <div key={`${finding.kind} ${finding.appId} ${finding.version}`} className={styles.notice} role="alert">
      <IconAlertTriangle size={16} className={styles.icon} aria-hidden="true" />
      <div className={styles.text}>
        <strong>{titles[finding.kind]}.</strong> {finding.message}
      </div>
      <span className="dim">
        <Ago at={finding.foundAt} />
      </span>
    </div>
  ))
}
