import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { BuildpacksPanel } from './buildpacks-panel.tsx'
import { DestroyPanel } from './destroy-panel.tsx'
import { DomainsPanel } from './domains-panel.tsx'
import { GeneralPanel } from './general-panel.tsx'

export function AppSettings({ summary }: { summary: AppSummary }) {
  return (
    <>
      <GeneralPanel summary={summary} />
      <DomainsPanel summary={summary} />
      <BuildpacksPanel summary={summary} />
      <DestroyPanel summary={summary} />
    </>
  )
}
