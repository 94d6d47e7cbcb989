import { Anchor, Button } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react'
import type { Deploy } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { bridge } from '../../stores/bridge.ts'
import { go } from '../../stores/route.ts'
import styles from './deploy.module.css'

/** How a deploy ended: where it answers, or what went wrong and what still serves. */
export function DeployResult({ deploy }: { deploy: Deploy }) {
  return (
    <div className={styles.result} data-state={deploy.state} role={deploy.state === 'failed' ? 'alert' : 'status'}>
      {deploy.state === 'succeeded' && <Succeeded deploy={deploy} />}
      {deploy.state === 'failed' && <Failed deploy={deploy} />}
      {deploy.state === 'cancelled' && (
        <>
          <IconBan size={20} color="var(--h-dim)" aria-hidden="true" />
          <div>
            <strong>Cancelled.</strong>{' '}
            <span className="dim">Nothing was released; what served before still serves.</span>
          </div>
        </>
      )}
    </div>
  )
}

function Succeeded({ deploy: { release, url } }: { deploy: Deploy }) {
  const open = () => {
    if (url) void bridge().call('links.open', { url })
  }
  return (
    <>
      <IconCircleCheck size={20} color="var(--h-ok)" aria-hidden="true" />
      <div>
        <strong>{release ? `v${release.version} serves.` : 'Deployed.'}</strong>{' '}
        {url && (
          <Anchor
            href={url}
            onClick={(event) => {
              event.preventDefault()
              open()
            }}
          >
            {url}
          </Anchor>
        )}
      </div>
      {url && <CopyButton text={url} label="Copy address" />}
      {url && <Button onClick={open}>Open app</Button>}
    </>
  )
}

function Failed({ deploy }: { deploy: Deploy }) {
  const { error, stage, release, serverId, appName } = deploy
  const text = error ?? `The deploy failed in its stage “${stage}”.`
  const [, headline, advice] = /^(.*?[.:!?]?)(?:(?<=\.) |\n|$)([\s\S]*)$/.exec(text) ?? []
  const showLog = () => go({ screen: 'app', serverId, app: appName, tab: 'logs' })
  return (
    <>
      <IconAlertTriangle size={20} color="var(--h-bad)" aria-hidden="true" />
      <div style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        <strong>{headline}</strong>
        {advice && <div>{advice}</div>}
        {!release && <div className="dim">Nothing was released; what served before still serves.</div>}
      </div>
      <CopyButton text={text} label="Copy details" />
      {release && (
        <Button variant="default" onClick={showLog}>
          Show log
        </Button>
      )}
    </>
  )
}
