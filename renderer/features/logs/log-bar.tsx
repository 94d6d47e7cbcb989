import { ActionIcon, Popover, SegmentedControl, Select, Stack } from '@mantine/core'
import { IconFilter, IconFilterFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CommandIcon } from '../../commands/command-icon.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { PaneControls } from '../../commands/pane-controls.tsx'
import { paneCommands } from '../../commands/places/pane-commands.ts'
import type { Target } from '../../lib/apps/target.ts'
import type { ShownPane } from '../../stores/panes.ts'
import { useResource } from '../../stores/resources.ts'
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
  shown: ShownPane
}

interface LogBarProps extends LogFilter {
  /** What only the one way of looking has. */
  children: ReactNode
}

export function LogBar({ isLive, onLive, shown, children, ...filter }: LogBarProps) {
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log" {...rightClick('pane', shown)}>
      <SegmentedControl
        aria-label="Which lines"
        value={isLive ? 'live' : 'history'}
        onChange={(value) => onLive(value === 'live')}
        data={[
          { value: 'live', label: 'Live' },
          { value: 'history', label: 'History' },
        ]}
      />
      <span className={styles.wide}>
        <Sources {...filter} />
        <Processes {...filter} />
      </span>
      <span className={styles.narrow}>
        <FilterButton {...filter} />
      </span>
      {children}
      <span className={styles.roomy}>
        <CommandIcon command={paneCommands.smaller} subject={shown} />
        <CommandIcon command={paneCommands.larger} subject={shown} />
      </span>
      <PaneControls subject={shown} />
    </div>
  )
}

type Filter = Omit<LogFilter, 'isLive' | 'onLive' | 'shown'>

/** What a narrow pane has instead of the two fields. */
function FilterButton(filter: Filter) {
  const isFiltered = filter.source !== 'all' || filter.process !== ''
  const label = isFiltered ? 'Filter the lines: some are left out' : 'Filter the lines'
  const Funnel = isFiltered ? IconFilterFilled : IconFilter
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon aria-label={label} title={label}>
          <Funnel size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          <Sources {...filter} />
          <Processes {...filter} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Sources({ source, onSource }: Filter) {
  return (
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
  )
}

function Processes({ target, process, onProcess }: Filter) {
  return (
    <Select
      aria-label="Dyno or process type"
      placeholder="All dynos"
      clearable
      clearButtonProps={{ 'aria-label': 'Show all dynos' }}
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={useProcesses(target, process)}
      value={process || null}
      onChange={(value) => onProcess(value ?? '')}
      w={130}
    />
  )
}

/** Process types first, then their dynos, then the router: what the agent can filter by. */
function useProcesses(target: Target, chosen: string): string[] {
  const types = useResource('formation.list', target).data?.map(({ type }) => type) ?? []
  const dynos = useResource('dynos.list', target).data?.map(({ dyno }) => dyno.name) ?? []
  return [...new Set([...types, ...dynos, 'router', ...(chosen ? [chosen] : [])])]
}
