import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { Pending } from './pending.tsx'
import { SwitchRow } from './switch-row.tsx'

interface FeatureSwitchesProps {
  summary: AppSummary
  /** How the names of those begin that are shown: `http-`. */
  prefix: string
  /** About as many as there will be. */
  rows: number
}

/** What Heroku has as features and labs of an app, by the server's own words. */
export function FeatureSwitches({ summary, prefix, rows }: FeatureSwitchesProps) {
  const target = targetOf(summary)
  const features = useResource('features.list', target)
  const turn = async (name: string, isOn: boolean) =>
    setResource('features.list', target, await bridge().call('features.update', { ...target, name, isOn }))
  const shown = features.data?.filter(({ name }) => name.startsWith(prefix)) ?? []
  return (
    <>
      <Pending summary={summary} of={features} rows={rows} height={48} />
      {shown.map(({ name, display_name, description, enabled, state }) => (
        <SwitchRow
          key={name}
          summary={summary}
          title={display_name}
          hint={`${description}.${state === 'beta' ? ` Of Heroku’s labs: ${name}.` : ''}`}
          isOn={enabled}
          turn={(isOn) => turn(name, isOn)}
        />
      ))}
    </>
  )
}
