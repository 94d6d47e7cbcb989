import { Button } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { PreflightCheck, Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { OldRouterNotice } from '../../components/server/old-router-notice.tsx'
import { UseSystemSsh } from '../../components/server/use-system-ssh.tsx'
import { formatDuration } from '../../lib/format.ts'
import { useNow } from '../../lib/react/use-now.ts'
import { preferServer } from '../../stores/dropped-folder.ts'
import {
  cancelInstallation,
  closeInstallation,
  type Installation as Installing,
  retryInstallation,
  useInstallation,
} from '../../stores/installations.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import styles from './add-server.module.css'
import { CheckList, StepList } from './install-lists.tsx'

interface InstallationProps {
  server: Server
  /** What the user looks at may be closed: after it the login is asked for again. */
  onBack: () => void
}

/** The installation as it happens: what was checked, each step with its time, and what to do when it stops. */
export function Installation({ server, onBack }: InstallationProps) {
  const installation = useInstallation(server.id)
  const state = installation?.outcome.state
  useEffect(() => {
    if (state === 'done') return () => closeInstallation(server.id)
  }, [state, server.id])
  if (!installation) return null
  const { progress, outcome } = installation
  return (
    <>
      {outcome.state === 'done' && (
        <>
          <Done server={server} />
          <RouterAfterUpgrade serverId={server.id} />
        </>
      )}
      {outcome.state === 'failed' && (
        <>
          <ErrorNotice error={outcome.error} onRetry={() => retryInstallation(server.id)} />
          <div className={styles.buttons}>
            {outcome.error.id === 'needs_system_ssh' && (
              <UseSystemSsh server={server} onChosen={() => retryInstallation(server.id)} />
            )}
            <Button
              variant="default"
              onClick={() => {
                closeInstallation(server.id)
                onBack()
              }}
            >
              Log in another way
            </Button>
          </div>
        </>
      )}
      <Checks checks={progress.checks} />
      <Steps serverId={server.id} installation={installation} />
    </>
  )
}

/** All well needs one line; what is not stays in sight. */
function Checks({ checks }: { checks: PreflightCheck[] }) {
  if (checks.length === 0) return null
  const noted = checks.filter(({ state }) => state !== 'passed')
  const passed = checks.length - noted.length
  return (
    <Panel title="Checks" hint={`${passed} of ${checks.length} passed`} isFlush>
      {noted.length > 0 && <CheckList checks={noted} />}
      {passed > 0 && (
        <details className={styles.passed}>
          <summary>{noted.length === 0 ? 'The machine has all that Hearth needs' : 'What passed'}</summary>
          <CheckList checks={checks.filter(({ state }) => state === 'passed')} />
        </details>
      )}
    </Panel>
  )
}

function Steps({ serverId, installation }: { serverId: string; installation: Installing }) {
  const { progress, outcome, startedAt } = installation
  const isRunning = outcome.state === 'running'
  return (
    <Panel
      title={isRunning ? 'Installing' : 'Installation'}
      hint={isRunning && <Elapsed since={startedAt} />}
      isFlush
      actions={
        isRunning && (
          <Button size="compact-xs" variant="default" onClick={() => cancelInstallation(serverId)}>
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
  )
}

function Elapsed({ since }: { since: number }) {
  return <span className="num">{formatDuration(useNow(500) - since)}</span>
}

/** The server as it is now: the one that was given to the wizard is of before. */
function RouterAfterUpgrade({ serverId }: { serverId: string }) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
  return server ? <OldRouterNotice server={server} /> : null
}

function Done({ server }: { server: Server }) {
  // The next folder that is dropped is meant for the server that has just been made ready.
  useEffect(() => preferServer(server.id), [server.id])
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
