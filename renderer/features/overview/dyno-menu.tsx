import { Menu } from '@mantine/core'
import { ActionMenu } from '../../components/action-menu.tsx'
import type { Target } from '../../lib/target.ts'
import { setLogFocus } from '../../stores/log-focus.ts'
import { go } from '../../stores/route.ts'
import { openTerminalTab } from '../../stores/terminals.ts'

interface DynoMenuProps {
  target: Target
  dyno: { name: string; type: string; state: string }
  /** Why nothing can be done to it now; null when something can. */
  obstacle: string | null
  onRestart: () => void
  onStop: () => void
}

export function DynoMenu({ target, dyno, obstacle, onRestart, onStop }: DynoMenuProps) {
  const isOneOff = dyno.type === 'run'
  const showLogs = () => {
    setLogFocus(target, dyno.name)
    go({ screen: 'app', ...target, tab: 'logs' })
  }
  const openTerminal = () => {
    openTerminalTab({ kind: 'dyno', target, command: 'bash', size: null, inside: dyno.name })
    go({ screen: 'app', ...target, tab: 'terminal' })
  }
  return (
    <ActionMenu label={`Actions for ${dyno.name}`}>
      <Menu.Item onClick={showLogs}>Show its logs</Menu.Item>
      <Menu.Item onClick={openTerminal} disabled={obstacle !== null || dyno.state !== 'up'}>
        Open a terminal inside
      </Menu.Item>
      {!isOneOff && (
        <Menu.Item onClick={onRestart} disabled={obstacle !== null}>
          Restart
        </Menu.Item>
      )}
      {isOneOff && (
        <Menu.Item color="red" onClick={onStop} disabled={obstacle !== null}>
          Stop
        </Menu.Item>
      )}
      {obstacle && <Menu.Label maw={260}>{obstacle}</Menu.Label>}
    </ActionMenu>
  )
}
