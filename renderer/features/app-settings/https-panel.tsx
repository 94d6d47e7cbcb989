import { Switch } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'

const yearSeconds = 365 * 24 * 3600

/** What the router does about https for the app's own domains. */
export function HttpsPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data } = useResource('httpsSettings.get', target)
  const obstacle = useObstacle(summary, 'operate')
  const change = useAction(async (update: { acm?: boolean; https_only?: boolean; hsts_seconds?: number | null }) =>
    setResource('httpsSettings.get', target, await bridge().call('httpsSettings.update', { ...target, update })),
  )
  const isLocked = obstacle !== null || data === undefined || change.isRunning
  const rows = [
    {
      title: 'Get certificates by itself',
      hint: 'One for each domain of your own, renewed before it ends. The domain has to lead to this server, from everywhere.',
      isOn: data?.acm ?? false,
      update: (isOn: boolean) => ({ acm: isOn }),
    },
    {
      title: 'Send http to https',
      hint: 'Where a domain has a certificate. Others go on as they are.',
      isOn: data?.https_only ?? false,
      update: (isOn: boolean) => ({ https_only: isOn }),
    },
    {
      title: 'Have browsers insist on https',
      hint: 'They remember it for a year and it cannot be taken back (HSTS). Turn it on once https has proved itself.',
      isOn: (data?.hsts_seconds ?? 0) > 0,
      update: (isOn: boolean) => ({ hsts_seconds: isOn ? yearSeconds : null }),
    },
  ]
  return (
    <Panel title="HTTPS" hint="for domains of your own" isFlush>
      {rows.map(({ title, hint, isOn, update }, index) => (
        <SettingRow key={title} title={title} hint={hint} {...(index === 0 && { failure: change })}>
          <Guarded obstacle={obstacle}>
            <Switch
              aria-label={title}
              checked={isOn}
              disabled={isLocked}
              onChange={(event) => void change.run(update(event.currentTarget.checked))}
            />
          </Guarded>
        </SettingRow>
      ))}
    </Panel>
  )
}
