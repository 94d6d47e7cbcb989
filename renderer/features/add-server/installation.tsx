import { Button } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatDuration } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { go } from '../../stores/route.ts'
import styles from './add-server.module.css'
import type { Login } from './add-server.tsx'
import { CheckList, StepList } from './install-lists.tsx'
import { useInstallation } from './use-installation.ts'

interface InstallationProps {
  server: Server
  login: Login
  onBack: () => void
}

/** The installation as it happens: what was checked, each step with its time, and what to do when it stops. */
export function Installation({ server, login, onBack }: InstallationProps) {
  const [attempt, setAttempt] = useState(0)
  const { progress, outcome, cancel } = useInstallation(server, login, attempt)
  const isRunning = outcome.state === 'running'
  return (
    <>
      {outcome.state === 'done' && <Done server={server} />}
      {outcome.state === 'failed' && (
        <>
          <ErrorNotice error={outcome.error} onRetry={() => setAttempt((count) => count + 1)} />
          <div className={styles.buttons}>
            <Button variant="default" onClick={onBack}>
              Log in another way
            </Button>
          </div>
        </>
      )}
      {progress.checks.length > 0 && (
        <Panel title="Checks" isFlush>
          <CheckList checks={progress.checks} />
        </Panel>
      )}
      <Panel
        title={isRunning ? 'Installing' : 'Installation'}
        hint={isRunning && <Elapsed key={attempt} />}
        isFlush
        actions={
          isRunning && (
            <Button size="compact-xs" variant="default" onClick={cancel}>
              Cancel installation
            </Button>
          )
        }
      >
        <StepList steps={progress.steps} isRunning={isRunning} />
        {progress.output && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <pre className={`${styles.output} mono`} role="log" aria-label="Output" tabIndex={0}>
            {progress.output}
          </pre>
        )}
      </Panel>
    </>
  )
}

function Elapsed() {
  const [started] = useState(() => Date.now())
  return <span className="num">{formatDuration(useNow(500) - started)}</span>
}

function Done({ server }: { server: Server }) {
  return (
    <div className={styles.done} role="status">
      <IconCircleCheck size={26} stroke={1.6} color="var(--h-ok)" aria-hidden="true" />
      <div>
        <h2>{server.name} is ready</h2>
        <p>Drop a folder anywhere on this window to deploy to it.</p>
      </div>
      <Button variant="default" onClick={() => go({ screen: 'server', serverId: server.id })}>
        Show server
      </Button>
      <Button onClick={() => go({ screen: 'new-app' })}>Deploy an app</Button>
    </div>
  )
}
