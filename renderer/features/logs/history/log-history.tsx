import { Button, TextInput } from '@mantine/core'
import { IconHistory, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { CopyButton } from '../../../components/actions/copy-button.tsx'
import { ExplainedText } from '../../../components/error-codes/explained-text.tsx'
import { ErrorNotice } from '../../../components/notices/error-notice.tsx'
import { EmptyState } from '../../../components/page/empty-state.tsx'
import { LoadingRows } from '../../../components/page/loading-rows.tsx'
import type { Target } from '../../../lib/apps/target.ts'
import { countOf } from '../../../lib/format.ts'
import { withoutColours } from '../../../lib/log/log-line.ts'
import { useTextSize } from '../../../stores/text-size.ts'
import { LogBar, type LogFilter } from '../log-bar.tsx'
import logStyles from '../logs.module.css'
import styles from './history.module.css'
import { HistoryList } from './history-list.tsx'
import { useLogHistory } from './use-log-history.ts'

interface LogHistoryProps {
  target: Target
  filter: LogFilter
  isOnline: boolean
}

/** The older lines that the server keeps, however many: searched there, read as far as they are in sight. */
export function LogHistory({ target, filter, isOnline }: LogHistoryProps) {
  const [text, setText] = useState('')
  const [selected, setSelected] = useState<number | null>(null)
  const size = useTextSize()
  const { source, process } = filter
  const query = { text, ...(source === 'all' ? {} : { source }), ...(process ? { process } : {}) }
  const lines = useLogHistory(target, query, isOnline)
  const place = selected === null ? null : lines.placeOf(selected)
  const line = place ? lines.cache.linesOf(place.segment)?.[place.line] : undefined
  const showAround = () => {
    if (!place) return
    setText('')
    filter.onSource('all')
    filter.onProcess('')
    setSelected(lines.index.rowOf(place))
  }
  return (
    <>
      <LogBar {...filter}>
        <TextInput
          className={logStyles.search}
          aria-label="Search the history"
          placeholder="Search all kept lines"
          title={'Words that are all there; "a phrase"; -without'}
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setSelected(null)
          }}
        />
        <span className={logStyles.grow} />
        <Button
          variant="default"
          className={logStyles.iconic}
          aria-label="Newer lines"
          leftSection={<IconRefresh size={14} aria-hidden="true" />}
          onClick={lines.again}
        >
          Newer lines
        </Button>
      </LogBar>
      <section className={logStyles.history} aria-label={`History of ${target.app}`}>
        {lines.error && (
          <div className={styles.message}>
            <ErrorNotice error={lines.error} onRetry={lines.again} />
          </div>
        )}
        {!lines.history && !lines.error && isOnline && (
          <div className={styles.message}>
            <LoadingRows rows={6} height={18} />
          </div>
        )}
        {!isOnline && !lines.history && (
          <EmptyState icon={IconHistory} title="The history is on the server">
            It shows here as soon as that is connected.
          </EmptyState>
        )}
        {lines.history && lines.count === 0 && !lines.search.isSearching && (
          <EmptyState icon={IconHistory} title={lines.isFiltered ? 'No line matches' : 'Nothing has been written yet'}>
            {lines.isFiltered ? 'All lines that are kept have been looked at.' : 'What the app writes is kept here.'}
          </EmptyState>
        )}
        {lines.count > 0 && (
          <HistoryList
            label={`Kept lines of ${target.app}`}
            {...{ count: lines.count, placeOf: lines.placeOf, cache: lines.cache }}
            {...{ fontSize: size, selected, onSelect: setSelected, mark: text }}
          />
        )}
        {line !== undefined && (
          <div className={styles.whole}>
            <pre>
              <ExplainedText text={withoutColours(line)} />
            </pre>
            {lines.isFiltered && (
              <Button size="compact-xs" variant="default" onClick={showAround}>
                Show the lines around it
              </Button>
            )}
            <CopyButton text={withoutColours(line)} label="Copy the line" />
          </div>
        )}
      </section>
      <div className={logStyles.foot}>
        <HistoryFoot lines={lines} />
      </div>
    </>
  )
}

function HistoryFoot({ lines }: { lines: ReturnType<typeof useLogHistory> }) {
  const { index, history, search, isFiltered } = lines
  const since = history?.[0]
    ? new Date(history[0].since).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
    : null
  const kept = `${countOf(index.total, 'line')} kept on the server${since ? ` since ${since}` : ''}`
  if (!isFiltered) return <span className="num">{kept}</span>
  return (
    <>
      <span className="num" role="status">
        {search.isSearching ? 'Searching… ' : ''}
        {countOf(search.places.length, 'line')} found{search.before === null ? '' : ' so far'} · {kept}
      </span>
      {!search.isSearching && search.before !== null && (
        <Button size="compact-xs" variant="default" onClick={search.wantMore}>
          Search further back
        </Button>
      )}
    </>
  )
}
