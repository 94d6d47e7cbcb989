import { Button, Loader, Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import type { DeployPreview, Folder } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import type { Target } from '../../lib/apps/target.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { type DroppedFolder, setDropped } from '../../stores/dropped-folder.ts'
import styles from './deploy.module.css'
import { PreviewDetails } from './preview-details.tsx'
import { type Preparation, usePreparedFolder } from './use-prepared-folder.ts'

interface PreparationPanelProps {
  dropped: DroppedFolder
  /** The app that it goes to; none yet for a new one. */
  target?: Target
  /** The folder in it that is the app; the whole without it. */
  project?: string
  /** What stands beneath the preview: where to, and the button. */
  children: (folder: Folder, preview: DeployPreview) => ReactNode
}

/** The dropped folder until it is deployed: read, shown, and not yet sent to any server. */
export function PreparationPanel({ dropped, target, project = '', children }: PreparationPanelProps) {
  const preparation = usePreparedFolder(dropped, project)
  return (
    <Panel
      title={dropped.name}
      hint={(dropped.kind === 'folder' && dropped.hint) || 'what will be sent'}
      isFlush
      actions={
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setDropped(null)}>
          Choose another
        </Button>
      }
    >
      <Body preparation={preparation} target={target} />
      {preparation.state === 'ready' && children(preparation.folder, preparation.preview)}
    </Panel>
  )
}

function Body({ preparation, target }: { preparation: Preparation; target: Target | undefined }) {
  switch (preparation.state) {
    case 'reading':
      return (
        <div className={styles.progress} role="status">
          <span>
            <Loader size={13} /> Reading the folder…
          </span>
        </div>
      )
    case 'receiving': {
      const { done, total } = preparation
      return (
        <div className={styles.progress} role="status">
          <span className="num">
            Handing over {countOf(total.files, 'file')}: {formatBytes(done.bytes)} of {formatBytes(total.bytes)}
          </span>
          <Progress
            size={6}
            value={total.bytes === 0 ? 100 : (done.bytes / total.bytes) * 100}
            aria-label="Files handed over"
          />
        </div>
      )
    }
    case 'failed':
      return (
        <div className={styles.progress}>
          <ErrorNotice error={preparation.error} />
        </div>
      )
    case 'ready':
      return <PreviewDetails preview={preparation.preview} target={target} />
  }
}
