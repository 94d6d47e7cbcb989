import { TextInput, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHistory, IconSearch } from '@tabler/icons-react'
import { memo, useEffect } from 'react'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Findings } from '../../components/notices/findings.tsx'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Page } from '../../components/page/page.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { useMore } from '../../components/page/use-more.tsx'
import { VerifiedMark } from '../../components/release/verified-mark.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { countOf } from '../../lib/format.ts'
import { useLast } from '../../lib/react/use-last.ts'
import { searchLedger, useLedgerSearch } from '../../stores/ledger-search.ts'
import { useResource } from '../../stores/resources.ts'
import { ExportMenu } from './export-menu.tsx'
import styles from './ledger.module.css'

const limit = 200

/** Every release of every app on every server, also of those that are away or gone. */
export function Ledger() {
  const { typed } = useLedgerSearch()
  useEffect(() => () => searchLedger(''), [])
  const [search] = useDebouncedValue(typed.trim(), 50)
  const { data: answer, error, reload } = useResource('ledger.list', { limit, ...(search ? { search } : {}) })
  const data = useLast(answer)
  const findings = useResource('ledger.findings', {})
  return (
    <Page
      title="Ledger"
      hint="this computer’s own copy of every release"
      actions={
        <>
          <TextInput
            w={280}
            aria-label="Search the ledger"
            placeholder="App, description, user, commit or note"
            leftSection={<IconSearch size={14} aria-hidden="true" />}
            value={typed}
            onChange={(event) => searchLedger(event.currentTarget.value)}
          />
          <ExportMenu />
        </>
      }
    >
      <Findings findings={findings.data ?? []} />
      <ErrorNotice error={error} onRetry={reload} />
      <Panel title="Releases" hint={data && describe(data.length)} isFlush>
        {!data && !error && <LoadingRows rows={8} height={22} />}
        {data?.length === 0 && (
          <EmptyState icon={IconHistory} title={search ? 'Nothing matches' : 'No releases yet'}>
            {search ? `No release matches “${search}”.` : 'Releases of all your apps are kept here, newest first.'}
          </EmptyState>
        )}
        {data && data.length > 0 && <ReleaseTable releases={data} />}
      </Panel>
    </Page>
  )
}

const describe = (count: number) => (count === limit ? `the newest ${limit}` : countOf(count, 'release'))

function ReleaseTable({ releases }: { releases: LedgerRelease[] }) {
  const { shown, end } = useMore(releases.length, 50)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label="Releases table" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.app}>
              App
            </th>
            <th scope="col" className={styles.release}>
              <span aria-hidden="true">No.</span>
              <VisuallyHidden>Release</VisuallyHidden>
            </th>
            <th scope="col" className={styles.what}>
              What changed
            </th>
            <th scope="col">Who</th>
            <th scope="col" className={styles.time}>
              When
            </th>
            <th scope="col">Server</th>
            <th scope="col" className={styles.verified}>
              <VisuallyHidden>Verified</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {releases.slice(0, shown).map((release) => (
            <ReleaseRow key={`${release.serverId} ${release.hash}`} release={release} />
          ))}
        </tbody>
      </table>
      {end}
    </section>
  )
}

/** Drawn again only when it has changed, not whenever the table gets longer. */
const ReleaseRow = memo(function ReleaseRow({ release }: { release: LedgerRelease }) {
  return (
    <tr>
      <td title={release.appName}>
        <RouteLink to={{ screen: 'app', serverId: release.serverId, app: release.appName, tab: 'releases' }}>
          {release.appName}
        </RouteLink>
      </td>
      <td className="num">v{release.version}</td>
      <td title={[release.description, ...release.notes.map(({ text }) => text)].join('\n')}>
        {release.description}
        {release.notes.length > 0 && <span className="dim"> · {release.notes.at(-1)?.text}</span>}
      </td>
      <td className="dim" title={release.user}>
        {release.user}
      </td>
      <td className="dim">
        <Ago at={release.createdAt} />
      </td>
      <td className="dim" title={release.serverName}>
        {release.serverName}
      </td>
      <td>
        <VerifiedMark isVerified={release.verified} />
      </td>
    </tr>
  )
})
