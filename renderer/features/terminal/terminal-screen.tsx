import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { PaneControls } from '../../commands/pane-controls.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import type { ShownPane } from '../../stores/panes.ts'
import { closeTerminalTab, openTerminalTab, tabsOfPane, useTerminals } from '../../stores/terminals.ts'
import { OpenTerminal } from './open-terminal.tsx'
import styles from './terminal.module.css'
import { TerminalPane } from './terminal-pane.tsx'
import { TerminalTabs } from './terminal-tabs.tsx'

/** One-off dynos of an app, each in a tab of its pane. */
export function TerminalScreen(shownPane: ShownPane) {
  const { summary, pane, row } = shownPane
  const target = targetOf(summary)
  const all = useTerminals(({ tabs }) => tabs)
  const own = all.filter(
    ({ place }) =>
      place.kind === 'dyno' && place.target.serverId === target.serverId && place.target.app === target.app,
  )
  const terminalPanes = row.panes.filter(({ kind }) => kind === 'terminal').map(({ id }) => id)
  const tabs = tabsOfPane(own, pane.id, terminalPanes)
  const [active, setActive] = useState<string | null>(tabs.at(-1)?.id ?? null)
  const shown = tabs.find(({ id }) => id === active)
  const open = async (command: string, size: string | null) => {
    const { id } = await openTerminalTab({ kind: 'dyno', target, command, size, inside: null }, pane.id)
    setActive(id)
  }
  const close = (id: string) => {
    closeTerminalTab(id)
    if (id === active) setActive(tabs.filter((tab) => tab.id !== id).at(-1)?.id ?? null)
  }
  return (
    <div className={styles.terminal}>
      <div className={styles.bar} {...rightClick('pane', shownPane)}>
        <TerminalTabs tabs={tabs} active={shown?.id ?? null} onSelect={setActive} onClose={close} />
        {tabs.length > 0 && (
          <Tooltip label="New terminal">
            <ActionIcon aria-label="New terminal" onClick={() => setActive(null)}>
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        )}
        <PaneControls subject={shownPane} />
      </div>
      {shown ? (
        <TerminalPane key={shown.id} tab={shown} pane={pane} />
      ) : (
        <OpenTerminal summary={summary} onOpen={open} />
      )}
    </div>
  )
}
