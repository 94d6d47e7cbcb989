import { Button } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { words } from '../../commands/words.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { countOf } from '../../lib/format.ts'
import type { Resource } from '../../stores/resources.ts'
import styles from './access.module.css'

interface PeopleFrameProps {
  /** Undefined until they are known. */
  count: number | undefined
  people: Pick<Resource<unknown>, 'data' | 'error'> & { reload: () => void }
  /** Why nobody can be let in or changed, or null. */
  obstacle: string | null
  /** Of a row while rows are loaded, in pixels. */
  rowHeight: number
  onLetIn: () => void
  /** The dialog that lets somebody in. */
  dialog: ReactNode
  children: ReactNode
}

/** The list of people of an app or a server, with what stands around it. */
export function PeopleFrame(props: PeopleFrameProps) {
  const { count, people, obstacle, rowHeight, onLetIn, dialog, children } = props
  const { data, error, reload } = people
  return (
    <Panel
      title="People"
      hint={count !== undefined && countOf(count, 'person', 'people')}
      isFlush
      actions={
        <Guarded obstacle={obstacle}>
          <Button
            size="compact-xs"
            leftSection={<IconUserPlus size={13} aria-hidden="true" />}
            disabled={obstacle !== null}
            onClick={onLetIn}
          >
            {words.app['let-in'].label}
          </Button>
        </Guarded>
      }
    >
      {!data && !error && <LoadingRows rows={3} height={rowHeight} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      <ul className={styles.list} aria-label="People">
        {children}
      </ul>
      {obstacle && data !== undefined && (
        <p className={styles.note} style={{ margin: 0 }}>
          {obstacle}
        </p>
      )}
      {dialog}
    </Panel>
  )
}
