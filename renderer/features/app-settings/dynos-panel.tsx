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
      <SwitchRow
        summary={summary}
        name="preboot"
        isUsual
        title="Start new dynos before the old ones stop"
        hint="No visitor notices a deploy or a restart. Turn it off for an app that must not run twice at once: its visitors wait meanwhile."
      />
      <Sleep summary={summary} />
      <SwitchRow
        summary={summary}
        name="podman"
        title="Run in containers of podman"
        hint="The same files, limits and network, in containers that podman knows. Needs podman on the server, and a little longer for each start. Running dynos are replaced."
      />
    </Panel>
  )
}

type DynoUpdate = { preboot?: boolean; podman?: boolean } | { sleep_after_seconds: number | null }

/** What one row shows and changes. */
function useDynoSettings(summary: AppSummary) {
  const target = targetOf(summary)
  const { data } = useResource('dynoSettings.get', target)
  const obstacle = useObstacle(summary, 'operate')
  const change = useAction(async (update: DynoUpdate) =>
    setResource('dynoSettings.get', target, await bridge().call('dynoSettings.update', { ...target, update })),
  )
  return { data, obstacle, change, isLocked: obstacle !== null || data === undefined || change.isRunning }
}

interface SwitchRowProps {
  summary: AppSummary
  name: 'preboot' | 'podman'
  /** How most apps have it: shown until the server has said. */
  isUsual?: boolean
  title: string
  hint: string
}

function SwitchRow({ summary, name, isUsual = false, title, hint }: SwitchRowProps) {
  const { data, obstacle, change, isLocked } = useDynoSettings(summary)
  return (
    <SettingRow title={title} hint={hint} failure={change}>
      <Guarded obstacle={obstacle}>
        <Switch
          aria-label={title}
          checked={data?.[name] ?? isUsual}
          disabled={isLocked}
          onChange={(event) => void change.run({ [name]: event.currentTarget.checked })}
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
  const { data, obstacle, change, isLocked } = useDynoSettings(summary)
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
          disabled={isLocked}
          onChange={(value) =>
            void change.run({ sleep_after_seconds: value === null || value === 'never' ? null : Number(value) })
          }
        />
      </Guarded>
    </SettingRow>
  )
}
