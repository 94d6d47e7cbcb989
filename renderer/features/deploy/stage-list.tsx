import { Progress } from '@mantine/core'
import type { Deploy, DeployStage } from '../../../electron/bridge/contract.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { countOf, formatBytes, formatDuration } from '../../lib/format.ts'
import type { Tone } from '../../lib/tone.ts'
import styles from './deploy.module.css'

const stages: [DeployStage, string][] = [
  ['scan', 'Scan'],
  ['send', 'Send'],
  ['queue', 'Queue'],
  ['build', 'Build'],
  ['release', 'Release'],
]

type State = 'waiting' | 'running' | 'done' | 'failed'
const tones: Record<State, Tone> = { waiting: 'quiet', running: 'working', done: 'up', failed: 'bad' }

function stateOf(deploy: Deploy, stage: DeployStage): State {
  const order = [...stages.map(([name]) => name), 'done']
  const at = order.indexOf(stage)
  const now = order.indexOf(deploy.stage)
  if (at < now || deploy.state === 'succeeded') return 'done'
  if (at > now) return 'waiting'
  return deploy.state === 'running' ? 'running' : 'failed'
}

export function StageList({ deploy }: { deploy: Deploy }) {
  return (
    <ol className={styles.stages} aria-label="Stages">
      {stages.map(([stage, title]) => {
        const state = stateOf(deploy, stage)
        return (
          <li
            key={stage}
            className={styles.stage}
            data-state={state}
            aria-current={state === 'running' ? 'step' : undefined}
          >
            <span className={styles.stageName}>
              <StatusMark tone={tones[state]} label={state} />
              {title}
            </span>
            <span className={`${styles.stageNote} num truncate`}>{describe(deploy, stage, state)}</span>
            {stage === 'send' && state === 'running' && (
              <Progress
                size={3}
                aria-label="Bytes sent"
                value={deploy.bytes.total === 0 ? 0 : (deploy.bytes.sent / deploy.bytes.total) * 100}
              />
            )}
          </li>
        )
      })}
    </ol>
  )
}

function describe(deploy: Deploy, stage: DeployStage, state: State): string {
  const ms = deploy.stageMs[stage]
  const time = ms === undefined ? '' : formatDuration(ms)
  if (stage === 'scan' && state === 'done')
    return [countOf(deploy.files.total, 'file'), time].filter(Boolean).join(', ')
  if (stage === 'send' && state === 'running')
    return `${formatBytes(deploy.bytes.sent)} of ${formatBytes(deploy.bytes.total)}`
  if (stage === 'send' && state === 'done') return [formatBytes(deploy.bytes.sent), time].filter(Boolean).join(', ')
  if (stage === 'release' && state === 'running') return deploy.step ?? 'under way'
  if (stage === 'queue' && state === 'running') return 'waits for its turn'
  if (state === 'running') return 'under way'
  return time
}
