import { Button } from '@mantine/core'
import type { AppSummary, Deploy } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { OutputPane } from '../../components/panes/output-pane.tsx'
import { formatDuration } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useNow } from '../../lib/react/use-now.ts'
import { bridge, useBridge } from '../../stores/bridge.ts'
import { DeployChanges } from './deploy-changes.tsx'
import { DeployResult } from './deploy-result.tsx'
import { SentDetails } from './sent-details.tsx'
import { StageList } from './stage-list.tsx'

/** One deploy: its stages with times, the build's output, and how it ended. */
export function DeployPanel({ summary, deploy }: { summary: AppSummary; deploy: Deploy }) {
  const cancel = useAction(() => bridge().call('deploys.cancel', { deployId: deploy.id }))
  const isRunning = deploy.state === 'running'
  // A new bridge reads the output anew, from its start.
  const generation = useBridge((now) => (now.state === 'opening' ? 0 : now.generation))
  return (
    <Panel
      title={isRunning ? 'Deploying' : 'Last deploy'}
      hint={<Elapsed deploy={deploy} />}
      isFlush
      actions={
        isRunning && (
          <Button size="compact-xs" variant="default" loading={cancel.isRunning} onClick={() => void cancel.run()}>
            Cancel deploy
          </Button>
        )
      }
    >
      <ErrorNotice error={cancel.error} onClose={cancel.clearError} isInset />
      {!isRunning && <DeployResult deploy={deploy} />}
      {deploy.state === 'succeeded' && deploy.release && (
        <DeployChanges summary={summary} version={deploy.release.version} />
      )}
      <StageList deploy={deploy} />
      <SentDetails deploy={deploy} />
      <OutputPane
        key={generation}
        label="Build output"
        height={340}
        hasFailed={deploy.state === 'failed'}
        open={() => bridge().open('deploys.output', { deployId: deploy.id })}
      />
    </Panel>
  )
}

function Elapsed({ deploy }: { deploy: Deploy }) {
  const now = useNow(deploy.endedAt ? 60_000 : 500)
  const end = deploy.endedAt ? Date.parse(deploy.endedAt) : now
  return <span className="num">{formatDuration(end - Date.parse(deploy.startedAt))}</span>
}
