import { Switch } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ask } from '../../components/actions/ask.tsx'
import { Guarded } from '../../components/actions/guarded.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'

interface SwitchRowProps {
  summary: AppSummary
  title: string
  hint: string
  /** Undefined until the server has said. */
  isOn: boolean | undefined
  /** How most apps have it: shown until then. */
  isUsual?: boolean
  /** What else than the role and the connection stands in the way. */
  obstacle?: string | null
  turn: (isOn: boolean) => Promise<unknown>
  /** Asked before it is turned on: what can't be taken back by turning it off. */
  question?: { title: string; children: string; confirm: string }
}

/** Something of an app that is on or off. */
export function SwitchRow({ summary, title, hint, isOn, isUsual = false, turn, question, ...row }: SwitchRowProps) {
  const obstacle = useObstacle(summary, 'operate') ?? row.obstacle ?? null
  const change = useAction(turn)
  const choose = (wanted: boolean) => {
    if (wanted && question) ask({ ...question, cancel: 'Leave it off', onConfirm: () => change.run(true) })
    else void change.run(wanted)
  }
  return (
    <SettingRow title={title} hint={hint} failure={change}>
      <Guarded obstacle={obstacle}>
        <Switch
          aria-label={title}
          checked={isOn ?? isUsual}
          disabled={obstacle !== null || isOn === undefined || change.isRunning}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
      </Guarded>
    </SettingRow>
  )
}
