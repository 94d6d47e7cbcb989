import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { StatusMark } from '../../components/status-mark.tsx'
import { type TerminalTab, titleOf } from '../../stores/terminals.ts'
import styles from './terminal.module.css'

interface TerminalTabsProps {
  tabs: TerminalTab[]
  active: string | null
  onSelect: (id: string) => void
  onClose: (id: string) => void
}

export function TerminalTabs({ tabs, active, onSelect, onClose }: TerminalTabsProps) {
  return (
    <nav className={styles.tabs} aria-label="Terminals">
      {tabs.map((tab, at) => (
        <span key={tab.id} className={styles.tab} data-active={tab.id === active || undefined}>
          <button
            type="button"
            data-terminal-tab
            aria-current={tab.id === active ? 'true' : undefined}
            onClick={() => onSelect(tab.id)}
          >
            <StatusMark {...describe(tab)} />
            <span className="mono truncate">{titleOf(tab)}</span>
          </button>
          <ActionIcon
            size={24}
            aria-label={`Close terminal ${at + 1}: ${titleOf(tab)}`}
            onClick={() => onClose(tab.id)}
          >
            <IconX size={13} />
          </ActionIcon>
        </span>
      ))}
    </nav>
  )
}

function describe({ state }: TerminalTab): { tone: 'up' | 'quiet' | 'bad'; label: string } {
  if (state.state === 'running') return { tone: 'up', label: 'running' }
  if (state.state === 'failed') return { tone: 'bad', label: 'failed' }
  return { tone: state.exitCode === 0 ? 'quiet' : 'bad', label: `exited with ${state.exitCode}` }
}
