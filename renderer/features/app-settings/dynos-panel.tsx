import { Select } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary, DynoSettings, DynoSettingsUpdate } from '../../../electron/bridge/contract.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { PodmanNotice } from '../../components/server/podman-notice.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { FeatureSwitches } from './feature-switches.tsx'
import { SwitchRow } from './switch-row.tsx'

/** How the app's dynos are looked after. */
export function DynosPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('dynoSettings.get', target)
  const update = async (change: DynoSettingsUpdate) =>
    setResource('dynoSettings.get', target, await bridge().call('dynoSettings.update', { ...target, update: change }))
  return (
    <Panel title="Dynos" hint="each is replaced by a new one about once a day (cycling)" isFlush>
      {!data && summary.online && <ErrorNotice error={error} onRetry={reload} isInset />}
      <SwitchRow
        summary={summary}
        title="Start new dynos before the old ones stop (preboot)"
        hint="No visitor notices a deploy, a restart or cycling. Turn it off for an app that must not run twice at once: its visitors wait meanwhile."
        isOn={data?.preboot}
        isUsual
        turn={(isOn) => update({ preboot: isOn })}
      />
      <Sleep summary={summary} settings={data} change={(seconds) => update({ sleep_after_seconds: seconds })} />
      <FeatureSwitches summary={summary} prefix="log-" rows={1} />
      <Podman summary={summary} isOn={data?.podman} turn={(isOn) => update({ podman: isOn })} />
    </Panel>
  )
}

interface PodmanProps {
  summary: AppSummary
  isOn: boolean | undefined
  turn: (isOn: boolean) => Promise<unknown>
}

/** Where podman is missing, turning it on asks whether to install it. */
function Podman({ summary, isOn, turn }: PodmanProps) {
  const { serverId } = summary
  const { data: podman, error } = useResource('servers.podman', { serverId })
  const [isWanted, setWanted] = useState(false)
  const choose = async (wanted: boolean) => {
    if (wanted && podman?.state === 'missing') setWanted(true)
    else await turn(wanted)
  }
  return (
    <>
      <SwitchRow
        summary={summary}
        title="Run in containers of podman"
        hint="The same files, limits and network, in containers that podman knows. Needs podman on the server, and a little longer for each start. Running dynos are replaced."
        // Whether there is podman decides what turning it on means; an older agent does not tell.
        isOn={podman || error ? isOn : undefined}
        obstacle={isOn === false && podman?.state === 'unavailable' ? podman.problem : null}
        turn={choose}
      />
      {isWanted && <PodmanNotice serverId={serverId} />}
    </>
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

interface SleepProps {
  summary: AppSummary
  settings: DynoSettings | undefined
  change: (seconds: number | null) => Promise<unknown>
}

function Sleep({ summary, settings, change }: SleepProps) {
  const obstacle = useObstacle(summary, 'operate')
  const action = useAction(change)
  const chosen = settings?.sleep_after_seconds ?? null
  return (
    <SettingRow
      title="Sleep when nobody visits"
      hint="Its dynos stop and free their memory, workers too. The next visitor wakes them, and waits for as long as the app takes to start."
      failure={action}
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
          disabled={obstacle !== null || settings === undefined || action.isRunning}
          onChange={(value) => void action.run(value === null || value === 'never' ? null : Number(value))}
        />
      </Guarded>
    </SettingRow>
  )
}
