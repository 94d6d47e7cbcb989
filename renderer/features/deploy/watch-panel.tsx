import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary, WatchedFolder } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import type { Tone } from '../../lib/tone.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import styles from './git-panel.module.css'
import { PathField } from './path-field.tsx'

/** Deploys a folder whenever it has changed and is quiet again. Off until somebody switches it on. */
export function WatchPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data: watched, error, reload } = useResource('deploys.watched', target)
  const { data: git } = useResource('git.get', target)
  const obstacle = useObstacle(summary, 'deploy')
  const [typed, setTyped] = useState<string | null>(null)
  const isOn = watched?.isOn ?? false
  const path = (isOn ? watched?.path : typed) ?? watched?.path ?? git?.lastFolder ?? ''
  const change = useAction(async (on: boolean) => {
    const request = { ...target, path: path.trim(), isOn: on }
    setResource('deploys.watched', target, await bridge().call('deploys.watch', request))
  })
  return (
    <Panel title="Watched folder" hint="deploys by itself when the folder changes" isFlush>
      <div className={styles.form}>
        <PathField
          label="Path to watch"
          placeholder="/home/you/Nextcloud/app"
          value={path}
          isDisabled={isOn}
          onChange={setTyped}
        />
        <Switch
          className={styles.switch}
          label="Deploy when this folder changes"
          checked={isOn}
          disabled={change.isRunning || path.trim() === '' || (obstacle !== null && !isOn)}
          onChange={(event) => void change.run(event.currentTarget.checked)}
        />
      </div>
      {watched && (isOn || watched.last) ? (
        <Status watched={watched} />
      ) : (
        <p className={styles.hint}>
          {obstacle ??
            'A synced folder of Dropbox, Nextcloud or Syncthing will do. What is in it now is not deployed, the next change is.'}
        </p>
      )}
      <div className={error || change.error ? styles.notice : undefined}>
        <ErrorNotice error={error} onRetry={reload} />
        <ErrorNotice error={change.error} onClose={change.clearError} />
      </div>
    </Panel>
  )
}

const states: Record<WatchedFolder['state'], [tone: Tone, text: string]> = {
  off: ['quiet', 'Not watched'],
  watching: ['up', 'Watching'],
  settling: ['working', 'Changed; waiting until it is quiet'],
  deploying: ['working', 'Deploying'],
  waiting: ['warning', 'Waiting'],
}

const results = { succeeded: 'succeeded', failed: 'failed', cancelled: 'was cancelled' }

function Status({ watched: { state, obstacle, last } }: { watched: WatchedFolder }) {
  const [tone, text] = states[state]
  return (
    <div className={styles.status}>
      <span role="status">
        <StatusMark tone={tone} label={text} showLabel />
        {obstacle && <span className="dim"> {obstacle}</span>}
      </span>
      {last && (
        <span className={last.state === 'failed' ? styles.failed : 'dim'}>
          Its last deploy {results[last.state]} <Ago at={last.at} />
          {last.version !== null && ` as v${last.version}`}
          {last.error ? `: ${last.error.split('\n')[0]?.replace(/[.!]?$/, '.')}` : '.'}
          {last.state === 'failed' && ' The next change is tried again.'}
        </span>
      )}
    </div>
  )
}
