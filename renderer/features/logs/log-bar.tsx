import { ActionIcon, SegmentedControl, Select, Tooltip } from '@mantine/core'
import { IconTextDecrease, IconTextIncrease } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PaneControls, type PaneDoor } from '../../components/panes/pane-controls.tsx'
import type { Target } from '../../lib/target.ts'
import { useResource } from '../../stores/resources.ts'
import { leastTextSize, mostTextSize, useTextSize } from '../../stores/text-size.ts'
import styles from './logs.module.css'

export type LogSource = 'all' | 'app' | 'heroku'

/** What both ways of looking at a log go by. */
export interface LogFilter {
  target: Target
  isLive: boolean
  onLive: (isLive: boolean) => void
  source: LogSource
  onSource: (source: LogSource) => void
  process: string
  onProcess: (name: string) => void
  door: PaneDoor
}

interface LogBarProps extends LogFilter {
  /** What only the one way of looking has. */
  children: ReactNode
}

export function LogBar({ target, isLive, onLive, source, onSource, process, onProcess, door, children }: LogBarProps) {
  const processes = useProcesses(target, process)
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <SegmentedControl
        aria-label="Which lines"
        value={isLive ? 'live' : 'history'}
        onChange={(value) => onLive(value === 'live')}
        data={[
          { value: 'live', label: 'Live' },
          { value: 'history', label: 'History' },
        ]}
      />
      <SegmentedControl
        aria-label="Source"
        value={source}
        onChange={(value) => onSource(value as LogSource)}
        data={[
          { value: 'all', label: 'All' },
          { value: 'app', label: 'App' },
          { value: 'heroku', label: 'Platform' },
        ]}
      />
      <Select
        aria-label="Dyno or process type"
        placeholder="All dynos"
        clearable
        clearButtonProps={{ 'aria-label': 'Show all dynos' }}
        data={processes}
        value={process || null}
        onChange={(value) => onProcess(value ?? '')}
        w={130}
      />
      {children}
      <TextSize />
      <PaneControls {...door} />
    </div>
  )
}

function TextSize() {
  const { size, set } = useTextSize()
  return (
    <>
      <Tooltip label="Smaller text">
        <ActionIcon aria-label="Smaller text" disabled={size <= leastTextSize} onClick={() => set(size - 1)}>
          <IconTextDecrease size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Larger text">
        <ActionIcon aria-label="Larger text" disabled={size >= mostTextSize} onClick={() => set(size + 1)}>
          <IconTextIncrease size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}

/** Process types first, then their dynos, then the router: what the agent can filter by. */
function useProcesses(target: Target, chosen: string): string[] {
  const types = useResource('formation.list', target).data?.map(({ type }) => type) ?? []
  const dynos = useResource('dynos.list', target).data?.map(({ dyno }) => dyno.name) ?? []
  return [...new Set([...types, ...dynos, 'router', ...(chosen ? [chosen] : [])])]
}
