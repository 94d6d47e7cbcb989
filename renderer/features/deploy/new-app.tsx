import { Button, Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { DeployPreview, Folder, Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Page } from '../../components/page/page.tsx'
import { explainAppName, freeAppName } from '../../lib/apps/app-name.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { describeConnection } from '../../lib/status.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setDropped, useDroppedFolder } from '../../stores/dropped-folder.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import { rememberPreview } from '../../stores/sent-previews.ts'
import styles from './deploy.module.css'
import { DropZone } from './drop-zone.tsx'
import { PreparationPanel } from './preparation-panel.tsx'
import { RepositoryPanel } from './repository-panel.tsx'

/** A folder becomes an app: look at it, give it a name and a server, deploy. */
export function NewApp() {
  const { dropped } = useDroppedFolder()
  const servers = useResource('servers.list', {})
  const [project, setProject] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen in one folder means nothing in another.
  useEffect(() => setProject(''), [dropped])
  return (
    <Page title="Deploy a new app">
      {!dropped && (
        <>
          <DropZone title="Drop your app’s folder on this window" withSamples />
          <RepositoryPanel />
        </>
      )}
      {dropped && (
        <PreparationPanel dropped={dropped} project={project}>
          {(folder, preview) =>
            servers.data ? (
              <Destination
                folder={folder}
                preview={preview}
                project={project}
                onProject={setProject}
                servers={servers.data}
                deployTo={dropped.kind === 'folder' ? dropped.deployTo : undefined}
              />
            ) : (
              <ErrorNotice error={servers.error} onRetry={servers.reload} />
            )
          }
        </PreparationPanel>
      )}
    </Page>
  )
}

interface DestinationProps {
  folder: Folder
  preview: DeployPreview
  /** The folder in it that is the app; empty for the whole. */
  project: string
  onProject: (project: string) => void
  servers: Server[]
  /** Where it goes without another word. */
  deployTo: string | undefined
}

/** The one that the user came from, else the first that answers. */
function chooseServer(servers: Server[]): string | null {
  const online = servers.filter(({ connection }) => connection.state === 'online')
  const { preferredServer } = useDroppedFolder.getState()
  return (online.find(({ id }) => id === preferredServer) ?? online[0])?.id ?? null
}

function Destination({ folder, preview, project, onProject, servers, deployTo }: DestinationProps) {
  const [name, setName] = useState(preview.suggestedName)
  const [serverId, setServerId] = useState(() => deployTo ?? chooseServer(servers))
  const apps = useResource('apps.list', {}).data
  const taken = apps?.filter((app) => app.serverId === serverId).map(({ app }) => app.name)
  const isTaken = taken?.includes(name)
  const problem = explainAppName(name) ?? (isTaken ? 'This server has an app of that name already.' : null)
  // Created once: when the deploy can't start, trying again must not stumble over the app that is there already.
  const [created, setCreated] = useState<string | null>(null)
  const deploy = useAction(async (on: string, app: string) => {
    if (created !== `${on} ${app}`) await bridge().call('apps.create', { serverId: on, name: app })
    setCreated(`${on} ${app}`)
    if (project) await bridge().call('configVars.update', { serverId: on, app, update: { PROJECT_PATH: project } })
    const { id } = await bridge().call('deploys.start', { serverId: on, app, folder })
    rememberPreview(id, preview)
    setDropped(null)
    go({ screen: 'app', serverId: on, app, tab: 'deploy' })
  })
  const obstacle = useServerObstacle(serverId ?? '', 'deploy')
  const isOnline = servers.some(({ id, connection }) => id === serverId && connection.state === 'online')
  const hasGoneOn = useRef(false)
  useEffect(() => {
    if (!deployTo || !isOnline || !taken || hasGoneOn.current) return
    hasGoneOn.current = true
    const free = freeAppName(preview.suggestedName, taken)
    setName(free)
    void deploy.run(deployTo, free)
  })
  // The first server that answers, where none did when the folder was dropped.
  useEffect(() => {
    if (serverId === null) setServerId(chooseServer(servers))
  }, [serverId, servers])
  const isReady = isOnline && obstacle === null && (problem === null || created === `${serverId} ${name}`)
  return (
    <>
      {deploy.error && (
        <div className={styles.progress}>
          <ErrorNotice error={deploy.error} onClose={deploy.clearError} />
        </div>
      )}
      <form
        className={styles.go}
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && serverId) void deploy.run(serverId, name)
        }}
      >
        <TextInput
          label="App name"
          value={name}
          error={deploy.isRunning || created ? null : problem}
          onChange={(event) => setName(event.currentTarget.value)}
          w={240}
          data-autofocus
        />
        <Select
          label="Server"
          w={220}
          allowDeselect={false}
          value={serverId}
          onChange={setServerId}
          data={servers.map((server) => ({
            value: server.id,
            label:
              server.connection.state === 'online'
                ? server.name
                : `${server.name} (${describeConnection(server).label})`,
            disabled: server.connection.state !== 'online',
          }))}
        />
        {preview.projects.length > 0 && (
          <Select
            label="Folder of the app"
            w={240}
            allowDeselect={false}
            value={project}
            onChange={(value) => onProject(value ?? '')}
            data={[
              { value: '', label: 'all of it' },
              ...preview.projects.map(({ path, language }) => ({ value: path, label: `${path} (${language})` })),
            ]}
          />
        )}
        <span data-grow />
        {isOnline && obstacle && <span className="dim">{obstacle}</span>}
        {deployTo && !isOnline && <span className="dim">Goes on as soon as the server answers.</span>}
        <Button type="submit" size="sm" disabled={!isReady} loading={deploy.isRunning}>
          Deploy
        </Button>
      </form>
    </>
  )
}
