import { Button } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary, Deploy, DeployPreview, Folder } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setDropped, useDroppedFolder } from '../../stores/dropped-folder.ts'
import { useResource } from '../../stores/resources.ts'
import { rememberPreview } from '../../stores/sent-previews.ts'
import styles from './deploy.module.css'
import { DeployPanel } from './deploy-panel.tsx'
import { DropZone } from './drop-zone.tsx'
import { GitPanel } from './git-panel.tsx'
import { ImagePanel } from './image-panel.tsx'
import { PastDeploys } from './past-deploys.tsx'
import { PreparationPanel } from './preparation-panel.tsx'
import { RepositoryPanel } from './repository-panel.tsx'
import { WatchPanel } from './watch-panel.tsx'

/** An app's deploys: the next one being prepared, the one that runs or ran last, and those before. */
export function AppDeploy({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { dropped } = useDroppedFolder()
  const { data, error, reload } = useResource('deploys.list', target)
  const [selected, setSelected] = useState<string | null>(null)
  const deploys = [...(data ?? [])].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  const shown = deploys.find(({ id }) => id === selected) ?? deploys[0]
  return (
    <>
      <ErrorNotice error={error} onRetry={reload} />
      {dropped && (
        <PreparationPanel dropped={dropped} target={target}>
          {(folder, preview) => (
            <Confirm
              summary={summary}
              folder={folder}
              preview={preview}
              isBusy={deploys.some(({ state }) => state === 'running')}
              onStart={(deploy) => setSelected(deploy.id)}
            />
          )}
        </PreparationPanel>
      )}
      {shown && !dropped && <DeployPanel key={shown.id} summary={summary} deploy={shown} />}
      {!dropped && shown?.state !== 'running' && (
        <>
          <DropZone title={`Drop a folder to deploy to ${summary.app.name}`} withSamples={!summary.release?.slug} />
          <RepositoryPanel />
          <ImagePanel summary={summary} onStart={(deploy) => setSelected(deploy.id)} />
        </>
      )}
      {!dropped && <WatchPanel summary={summary} />}
      {!dropped && <GitPanel summary={summary} />}
      <PastDeploys deploys={deploys} shown={shown?.id} onSelect={setSelected} />
    </>
  )
}

interface ConfirmProps {
  summary: AppSummary
  folder: Folder
  preview: DeployPreview
  isBusy: boolean
  onStart: (deploy: Deploy) => void
}

function Confirm({ summary, folder, preview, isBusy, onStart }: ConfirmProps) {
  const obstacle = useObstacle(summary, 'deploy')
  const start = useAction(async () => {
    const started = await bridge().call('deploys.start', { ...targetOf(summary), folder })
    rememberPreview(started.id, preview)
    onStart(started)
    setDropped(null)
  })
  return (
    <>
      {start.error && (
        <div className={styles.progress}>
          <ErrorNotice error={start.error} onClose={start.clearError} />
        </div>
      )}
      <div className={styles.go} style={{ alignItems: 'center' }}>
        <span className="dim" data-grow>
          {obstacle
            ? obstacle
            : isBusy
              ? 'Another deploy of this app is under way; this one waits for its turn.'
              : summary.release?.slug
                ? 'Makes a new release. The one that serves now keeps serving until the new dynos listen.'
                : 'Makes the first release with code.'}
        </span>
        <Button size="sm" disabled={obstacle !== null} loading={start.isRunning} onClick={() => void start.run()}>
          Deploy
        </Button>
      </div>
    </>
  )
}
