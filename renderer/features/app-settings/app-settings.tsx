import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ClientPanel } from '../../components/server/client-panel.tsx'
import { BuildpacksPanel } from './buildpacks-panel.tsx'
import { CertificatesPanel } from './certificates-panel.tsx'
import { DestroyPanel } from './destroy-panel.tsx'
import { DomainsPanel } from './domains-panel.tsx'
import { DynosPanel } from './dynos-panel.tsx'
import { GeneralPanel } from './general-panel.tsx'
import { HttpsPanel } from './https-panel.tsx'
import { RouterPanel } from './router-panel.tsx'

export function AppSettings({ summary }: { summary: AppSummary }) {
  return (
    <>
      <GeneralPanel summary={summary} />
      <DynosPanel summary={summary} />
      <DomainsPanel summary={summary} />
      <HttpsPanel summary={summary} />
      <CertificatesPanel summary={summary} />
      <RouterPanel summary={summary} />
      <BuildpacksPanel summary={summary} />
      <ClientPanel serverId={summary.serverId} app={summary.app.name} />
      <DestroyPanel summary={summary} />
    </>
  )
}
