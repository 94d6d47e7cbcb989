import { Switch } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { Guarded } from '../../components/guarded.tsx'
import { Panel } from '../../components/panel.tsx'
import { SettingRow } from '../../components/setting-row.tsx'
import { targetOf } from '../../lib/target.ts'
import { useAction } from '../../lib/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'

/** How the app's dynos are looked after. */
export function DynosPanel({ summary }: { summary: AppSummary }) {
  return (
    <Panel title="Dynos" isFlush>
      <Preboot summary={summary} />
    </Panel>
  )
}

function Preboot({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('dynoSettings.get', target)
  const obstacle = useObstacle(summary, 'operate')
  const change = useAction(async (preboot: boolean) =>
    setResource(
      'dynoSettings.get',
      target,
      await bridge().call('dynoSettings.update', { ...target, update: { preboot } }),
    ),
  )
  return (
    <SettingRow
      title="Start new dynos before the old ones stop"
      hint="No visitor notices a deploy or a restart. Turn it off for an app that must not run twice at once: its visitors wait meanwhile."
      failure={change}
    >
      <Guarded obstacle={obstacle}>
        <Switch
          aria-label="Start new dynos before the old ones stop"
          checked={data?.preboot ?? true}
          disabled={obstacle !== null || data === undefined || change.isRunning}
          onChange={(event) => void change.run(event.currentTarget.checked)}
        />
      </Guarded>
    </SettingRow>
  )
}
