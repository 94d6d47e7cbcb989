import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { DeployPreview, Folder, Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Page } from '../../components/page.tsx'
import { explainAppName } from '../../lib/app-name.ts'
import { describeConnection } from '../../lib/status.ts'
import { useAction } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setDropped, useDroppedFolder } from '../../stores/dropped-folder.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import styles from './deploy.module.css'
import { DropZone } from './drop-zone.tsx'
import { PreparationPanel } from './preparation-panel.tsx'

/** A folder becomes an app: look at it, give it a name and a server, deploy. */
export function NewApp() {
  const { dropped } = useDroppedFolder()
  const servers = useResource('servers.list', {})
  return (
    <Page title="Deploy a new app">
      {!dropped && <DropZone title="Drop your app’s folder on this window" withSamples />}
      {dropped && (
        <PreparationPanel dropped={dropped}>
          {(folder, preview) =>
            servers.data ? (
              <Destination folder={folder} preview={preview} servers={servers.data} />
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
  servers: Server[]
}

/** The one that the user came from, else the first that answers. */
function chooseServer(servers: Server[]): string | null {
  const online = servers.filter(({ connection }) => connection.state === 'online')
  const { preferredServer } = useDroppedFolder.getState()
  return (online.find(({ id }) => id === preferredServer) ?? online[0])?.id ?? null
}

function Destination({ folder, preview, servers }: DestinationProps) {
  const [name, setName] = useState(preview.suggestedName)
  const [serverId, setServerId] = useState(() => chooseServer(servers))
  const apps = useResource('apps.list', {}).data
  const isTaken = apps?.some((app) => app.serverId === serverId && app.app.name === name)
  const problem = explainAppName(name) ?? (isTaken ? 'This server has an app of that name already.' : null)
  // Created once: when the deploy can't start, trying again must not stumble over the app that is there already.
  const [created, setCreated] = useState<string | null>(null)
  const deploy = useAction(async (on: string) => {
    if (created !== `${on} ${name}`) await bridge().call('apps.create', { serverId: on, name })
    setCreated(`${on} ${name}`)
    await bridge().call('deploys.start', { serverId: on, app: name, folder })
    setDropped(null)
    go({ screen: 'app', serverId: on, app: name, tab: 'deploy' })
  })
  const isReady = serverId !== null && (problem === null || created === `${serverId} ${name}`)
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
          if (isReady && serverId) void deploy.run(serverId)
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
        <span data-grow />
        <Button type="submit" size="sm" disabled={!isReady} loading={deploy.isRunning}>
          Deploy
        </Button>
      </form>
    </>
  )
}
