import { Progress } from '@mantine/core'
import type { PreflightCheck } from '../../../electron/bridge/contract.ts'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { formatBytes, formatDuration } from '../../lib/format.ts'
import type { InstallStep } from '../../lib/install-state.ts'
import type { Tone } from '../../lib/tone.ts'
import styles from './add-server.module.css'

const checkTones: Record<PreflightCheck['state'], Tone> = { passed: 'up', warning: 'warning', failed: 'bad' }

export function CheckList({ checks }: { checks: PreflightCheck[] }) {
  return (
    <ul className={styles.lines} aria-label="Checks">
      {checks.map((check) => (
        <li key={check.name}>
          <StatusMark tone={checkTones[check.state]} label={check.state} />
          <span>{check.name}</span>
          <span className="dim">{check.found}</span>
          {check.remedy && <span className={styles.remedy}>{check.remedy}</span>}
        </li>
      ))}
    </ul>
  )
}

const stepTones: Record<InstallStep['state'], Tone> = {
  waiting: 'quiet',
  running: 'working',
  done: 'up',
  skipped: 'quiet',
  failed: 'bad',
}

export function StepList({ steps, isRunning }: { steps: InstallStep[]; isRunning: boolean }) {
  if (steps.length === 0) return isRunning ? <LoadingRows rows={3} height={18} /> : null
  return (
    <ol className={styles.lines} aria-label="Steps of the installation">
      {steps.map((step) => (
        <li key={step.name} aria-current={step.state === 'running' ? 'step' : undefined}>
          <StatusMark tone={stepTones[step.state]} label={step.state} />
          <span>{step.name}</span>
          <span className="dim">{step.message ?? (step.state === 'skipped' ? 'nothing to do' : '')}</span>
          <span className="dim num">{describe(step)}</span>
          {step.state === 'running' && step.progress && (
            <Progress
              className={styles.wide}
              size={3}
              value={step.progress.total > 0 ? (step.progress.done / step.progress.total) * 100 : 0}
              aria-label={`Progress of ${step.name}`}
            />
          )}
        </li>
      ))}
    </ol>
  )
}

function describe({ state, progress, durationMs }: InstallStep): string {
  if (state === 'running' && progress) return `${formatBytes(progress.done)} of ${formatBytes(progress.total)}`
  return durationMs === null ? '' : formatDuration(durationMs)
}
