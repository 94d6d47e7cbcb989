import { Select, Switch } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'

/** How the app's dynos are looked after. */
export function DynosPanel({ summary }: { summary: AppSummary }) {
  return (
    <Panel title="Dynos" isFlush>
      <Preboot summary={summary} />
      <Sleep summary={summary} />
      <Podman summary={summary} />
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

const minute = 60
/** Heroku's is half an hour. */
const sleepTimes: readonly (readonly [number, string])[] = [
  [5 * minute, 'after 5 minutes'],
  [15 * minute, 'after 15 minutes'],
  [30 * minute, 'after 30 minutes'],
  [60 * minute, 'after an hour'],
  [6 * 60 * minute, 'after 6 hours'],
  [24 * 60 * minute, 'after a day'],
]

function Sleep({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('dynoSettings.get', target)
  const obstacle = useObstacle(summary, 'operate')
  const change = useAction(async (value: string | null) => {
    const update = { sleep_after_seconds: value === null || value === 'never' ? null : Number(value) }
    setResource('dynoSettings.get', target, await bridge().call('dynoSettings.update', { ...target, update }))
  })
  const chosen = data?.sleep_after_seconds ?? null
  return (
    <SettingRow
      title="Sleep when nobody visits"
      hint="Its dynos stop and free their memory. The next visitor wakes them, and waits for as long as the app takes to start."
      failure={change}
    >
      <Guarded obstacle={obstacle}>
        <Select
          aria-label="Sleep when nobody visits"
          w={180}
          allowDeselect={false}
          value={chosen === null ? 'never' : String(chosen)}
          data={[
            { value: 'never', label: 'never' },
            ...sleepTimes.map(([seconds, label]) => ({ value: String(seconds), label })),
            ...(chosen === null || sleepTimes.some(([seconds]) => seconds === chosen)
              ? []
              : [{ value: String(chosen), label: `after ${chosen} seconds` }]),
          ]}
          disabled={obstacle !== null || data === undefined || change.isRunning}
          onChange={(value) => void change.run(value)}
        />
      </Guarded>
    </SettingRow>
  )
}

function Podman({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('dynoSettings.get', target)
  const obstacle = useObstacle(summary, 'operate')
  const change = useAction(async (podman: boolean) =>
    setResource(
      'dynoSettings.get',
      target,
      await bridge().call('dynoSettings.update', { ...target, update: { podman } }),
    ),
  )
  return (
    <SettingRow
      title="Run in containers of podman"
      hint="The same files, limits and network, in containers that podman knows. Needs podman on the server, and a little longer for each start. Running dynos are replaced."
      failure={change}
    >
      <Guarded obstacle={obstacle}>
        <Switch
          aria-label="Run in containers of podman"
          checked={data?.podman ?? false}
          disabled={obstacle !== null || data === undefined || change.isRunning}
          onChange={(event) => void change.run(event.currentTarget.checked)}
        />
      </Guarded>
    </SettingRow>
  )
}
