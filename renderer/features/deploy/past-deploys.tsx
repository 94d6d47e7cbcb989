import type { Deploy } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { formatDuration } from '../../lib/format.ts'
import type { Tone } from '../../lib/tone.ts'
import styles from './deploy.module.css'

const tones: Record<Deploy['state'], Tone> = { running: 'working', succeeded: 'up', failed: 'bad', cancelled: 'quiet' }

interface PastDeploysProps {
  deploys: Deploy[]
  shown: string | undefined
  onSelect: (id: string) => void
}

/** The deploys of this session; the releases they made are in the ledger. */
export function PastDeploys({ deploys, shown, onSelect }: PastDeploysProps) {
  if (deploys.length < 2) return null
  return (
    <Panel title="Recent deploys" isFlush>
      <ul className={styles.past}>
        {deploys.map((deploy) => (
          <li key={deploy.id}>
            <button type="button" aria-pressed={deploy.id === shown} onClick={() => onSelect(deploy.id)}>
              <StatusMark tone={tones[deploy.state]} label={deploy.state} showLabel />
              <span className="truncate">
                {deploy.error?.split('\n')[0] ??
                  (deploy.release ? `v${deploy.release.version}` : `stopped in ${deploy.stage}`)}
              </span>
              <span className="num dim">
                {deploy.endedAt && formatDuration(Date.parse(deploy.endedAt) - Date.parse(deploy.startedAt))}
              </span>
              <span className="dim">
                <Ago at={deploy.startedAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
