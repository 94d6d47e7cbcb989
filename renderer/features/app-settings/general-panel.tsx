import { Button, Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { renameApp } from '../../commands/acts/rename.ts'
import { appCommands } from '../../commands/places/app-commands.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { PodmanNotice } from '../../components/server/podman-notice.tsx'
import { explainAppName } from '../../lib/apps/app-name.ts'
import { explainStack, isOfImages } from '../../lib/apps/stack.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { formatBytes } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'

export function GeneralPanel({ summary }: { summary: AppSummary }) {
  return (
    <Panel title="General" isFlush>
      <Rename summary={summary} />
      <DeployBranch summary={summary} />
      <Stack summary={summary} />
      {isOfImages(summary.app.build_stack.name) && <PodmanNotice serverId={summary.serverId} />}
      <Maintenance summary={summary} />
    </Panel>
  )
}

function Rename({ summary }: { summary: AppSummary }) {
  const [name, setName] = useState(summary.app.name)
  const problem = explainAppName(name)
  const obstacle = useObstacle(summary, 'manage')
  const rename = useAction(() => renameApp(summary, name))
  return (
    <SettingRow
      title="Name"
      hint="Its address changes with it; the releases stay."
      failure={rename}
      onSubmit={() => {
        if (!problem && name !== summary.app.name) void rename.run()
      }}
    >
      <TextInput
        aria-label="App name"
        w={240}
        value={name}
        error={problem}
        disabled={obstacle !== null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Guarded obstacle={obstacle}>
        <Button
          type="submit"
          variant="default"
          disabled={obstacle !== null || problem !== null || name === summary.app.name}
          loading={rename.isRunning}
        >
          Rename
        </Button>
      </Guarded>
    </SettingRow>
  )
}

/** Empty stands for Heroku's two. */
function DeployBranch({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('repository.get', target)
  const [typed, setTyped] = useState<string | null>(null)
  const chosen = data?.deploy_branch ?? ''
  const branch = typed ?? chosen
  const obstacle = useObstacle(summary, 'deploy')
  const change = useAction(async () => {
    const update = { deploy_branch: branch.trim() || null }
    setResource('repository.get', target, await bridge().call('repository.update', { ...target, update }))
    setTyped(null)
  })
  const size = data && data.pushed_at !== null ? ` The repository takes ${formatBytes(data.size)}.` : ''
  return (
    <SettingRow
      title="Deploy branch"
      hint={`A git push to it is built, one to another branch is kept.${size}`}
      failure={change}
      onSubmit={() => {
        if (branch.trim() !== chosen) void change.run()
      }}
    >
      <TextInput
        aria-label="Deploy branch"
        w={240}
        placeholder="main or master"
        value={branch}
        disabled={obstacle !== null}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Guarded obstacle={obstacle}>
        <Button
          type="submit"
          variant="default"
          disabled={obstacle !== null || branch.trim() === chosen}
          loading={change.isRunning}
        >
          Change
        </Button>
      </Guarded>
    </SettingRow>
  )
}

/** Where there is a choice. What runs keeps its stack until it is built anew. */
function Stack({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data = [] } = useResource('servers.stacks', { serverId: target.serverId })
  const { stack, build_stack } = summary.app
  const obstacle = useObstacle(summary, 'deploy')
  const change = useAction(async (name: string) => {
    const update = { build_stack: name }
    setResource('apps.get', target, await bridge().call('apps.update', { ...target, update }))
  })
  if (data.length < 2) return null
  const waits = stack.name === build_stack.name ? '' : ` It runs on ${stack.name} until it is built anew.`
  return (
    <SettingRow title="Stack" hint={`${explainStack(build_stack.name)}${waits}`} failure={change}>
      <Guarded obstacle={obstacle}>
        <Select
          aria-label="Stack"
          w={240}
          allowDeselect={false}
          value={build_stack.name}
          data={[...new Set([build_stack.name, ...data.map(({ name }) => name)])].sort()}
          disabled={obstacle !== null || change.isRunning}
          onChange={(name) => {
            if (name !== null && name !== build_stack.name) void change.run(name)
          }}
        />
      </Guarded>
    </SettingRow>
  )
}

function Maintenance({ summary }: { summary: AppSummary }) {
  const change = useCommand(appCommands.maintenance, { summary })
  return (
    <SettingRow
      title="Maintenance mode"
      hint="Visitors see a maintenance page; the dynos keep running."
      failure={change}
    >
      <Guarded obstacle={change.obstacle}>
        <Switch
          aria-label="Maintenance mode"
          checked={summary.app.maintenance}
          disabled={change.obstacle !== null || change.isRunning}
          onChange={change.start}
        />
      </Guarded>
    </SettingRow>
  )
}
