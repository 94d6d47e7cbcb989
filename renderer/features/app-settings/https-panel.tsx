import type { AppSummary, HttpsSettings } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { SwitchRow } from './switch-row.tsx'

const yearSeconds = 365 * 24 * 3600

/** What the router does about https for the app's own domains. */
export function HttpsPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { data, error, reload } = useResource('httpsSettings.get', target)
  const update = async (change: Partial<HttpsSettings>) =>
    setResource('httpsSettings.get', target, await bridge().call('httpsSettings.update', { ...target, update: change }))
  return (
    <Panel title="HTTPS" hint="for domains of your own" isFlush>
      {!data && summary.online && <ErrorNotice error={error} onRetry={reload} isInset />}
      <SwitchRow
        summary={summary}
        title="Automated certificates"
        hint="One for each domain of your own, got and renewed by the server itself (ACM). The domain has to lead to this server, from everywhere."
        isOn={data?.acm}
        turn={(isOn) => update({ acm: isOn })}
      />
      <SwitchRow
        summary={summary}
        title="Send http to https"
        hint="Where a domain has a certificate. Others go on as they are."
        isOn={data?.https_only}
        turn={(isOn) => update({ https_only: isOn })}
      />
      <SwitchRow
        summary={summary}
        title="Have browsers insist on https (HSTS)"
        hint="They remember it for a year, and turning it off does not make them forget. Turn it on once https has proved itself."
        isOn={data && (data.hsts_seconds ?? 0) > 0}
        turn={(isOn) => update({ hsts_seconds: isOn ? yearSeconds : null })}
        question={{
          title: 'Have browsers insist on https?',
          children: `Who has once visited ${summary.app.name} over https gets there in no other way for a year: without a valid certificate not at all, and nobody here can take that back.`,
          confirm: 'Turn HSTS on',
        }}
      />
    </Panel>
  )
}
