import { ActionIcon, Button, SegmentedControl, Select, Tooltip } from '@mantine/core'
import { IconEraser, IconPlayerPause, IconPlayerPlay, IconTextDecrease, IconTextIncrease } from '@tabler/icons-react'
import { PaneSearch } from '../../components/pane-search.tsx'
import { PaneControls, type PaneDoor } from '../../components/panes/pane-controls.tsx'
import { SavePane } from '../../components/panes/save-pane.tsx'
import type { Target } from '../../lib/target.ts'
import type { TerminalParts } from '../../lib/terminal/terminal.ts'
import { useResource } from '../../stores/resources.ts'
import { leastTextSize, mostTextSize, useTextSize } from '../../stores/text-size.ts'
import styles from './logs.module.css'

type Source = 'all' | 'app' | 'heroku'

interface LogBarProps {
  target: Target
  parts: TerminalParts | null
  source: Source
  onSource: (source: Source) => void
  process: string
  onProcess: (name: string) => void
  isPaused: boolean
  onPause: () => void
  door: PaneDoor
}

export function LogBar({ target, parts, source, onSource, process, onProcess, isPaused, onPause, door }: LogBarProps) {
  const processes = useProcesses(target, process)
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <SegmentedControl
        aria-label="Source"
        value={source}
        onChange={(value) => onSource(value as Source)}
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
        w={140}
      />
      <PaneSearch label="Search the log" parts={parts} className={styles.search} />
      <span className={styles.grow} />
      <Button
        variant="default"
        leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        onClick={onPause}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <SavePane name={target.app} parts={parts} />
      <Tooltip label="Clear the pane">
        <ActionIcon aria-label="Clear the pane" onClick={() => parts?.terminal.clear()}>
          <IconEraser size={16} />
        </ActionIcon>
      </Tooltip>
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
