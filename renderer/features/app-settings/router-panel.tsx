import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { changeConfigVars } from '../../commands/acts/config-vars.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { suffices } from '../../lib/role.ts'
import { useAppRole, useObstacle } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import { FeatureSwitches } from './feature-switches.tsx'

/** What the router does with the app's requests, as Heroku's features and labs have it, and what it shows where it gets no answer. */
export function RouterPanel({ summary }: { summary: AppSummary }) {
  const own = useAppRole(summary)
  return (
    <Panel title="Router" hint="what becomes of requests to this app" isFlush>
      <FeatureSwitches summary={summary} prefix="http-" rows={3} />
      {/* They are config vars, which takes the role deploy to read. */}
      {!own && <PageRows summary={summary} configVars={undefined} />}
      {own && suffices(own.role, 'deploy') && <Pages summary={summary} />}
    </Panel>
  )
}

const pages = [
  {
    name: 'ERROR_PAGE_URL',
    title: 'Error page',
    hint: 'Your own page for visitors whom the app does not answer (H codes), in place of Hearth’s.',
  },
  {
    name: 'MAINTENANCE_PAGE_URL',
    title: 'Maintenance page',
    hint: 'Your own page for the time of maintenance mode (H80).',
  },
] as const

function Pages({ summary }: { summary: AppSummary }) {
  const { data } = useResource('configVars.get', targetOf(summary))
  return <PageRows summary={summary} configVars={data} />
}

function PageRows({ summary, configVars }: Pick<PageProps, 'summary' | 'configVars'>) {
  return pages.map((page) => <Page key={page.name} summary={summary} configVars={configVars} {...page} />)
}

interface PageProps {
  summary: AppSummary
  /** Undefined until they are known. */
  configVars: Record<string, string> | undefined
  /** Of the config var that says where the page is. */
  name: string
  title: string
  hint: string
}

function Page({ summary, configVars, name, title, hint }: PageProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const obstacle = useObstacle(summary, 'deploy')
  const chosen = configVars?.[name] ?? ''
  const url = (typed ?? chosen).trim()
  const problem = url !== '' && !/^https?:\/\/[^\s/]+/.test(url) ? 'an address: https://…' : null
  const isSame = url === chosen || configVars === undefined
  const change = useAction(async () => {
    await changeConfigVars(summary, configVars ?? {}, { [name]: url || null })
    setTyped(null)
  })
  return (
    <SettingRow
      title={title}
      hint={`${hint} HTML of at most 256 KB, fetched every hour. It is the config var ${name}: a change makes a release.`}
      failure={change}
      onSubmit={() => {
        if (!isSame && !problem && obstacle === null) void change.run()
      }}
    >
      <TextInput
        aria-label={title}
        w={240}
        placeholder="Hearth’s own"
        value={typed ?? chosen}
        error={problem}
        disabled={obstacle !== null || configVars === undefined}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Guarded obstacle={obstacle}>
        <Button
          type="submit"
          variant="default"
          disabled={obstacle !== null || problem !== null || isSame}
          loading={change.isRunning}
        >
          {url === '' && chosen !== '' ? 'Unset' : 'Set'}
        </Button>
      </Guarded>
    </SettingRow>
  )
}
