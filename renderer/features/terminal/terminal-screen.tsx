import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/target.ts'
import { closeTerminalTab, openTerminalTab, useTerminals } from '../../stores/terminals.ts'
import { OpenTerminal } from './open-terminal.tsx'
import styles from './terminal.module.css'
import { TerminalPane } from './terminal-pane.tsx'
import { TerminalTabs } from './terminal-tabs.tsx'

/** One-off dynos of an app, each in a tab. */
export function TerminalScreen({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const all = useTerminals(({ tabs }) => tabs)
  const tabs = all.filter(
    ({ place }) =>
      place.kind === 'dyno' && place.target.serverId === target.serverId && place.target.app === target.app,
  )
  const [active, setActive] = useState<string | null>(tabs.at(-1)?.id ?? null)
  const shown = tabs.find(({ id }) => id === active)
  const open = (command: string, size: string | null) =>
    setActive(openTerminalTab({ kind: 'dyno', target, command, size, inside: null }).id)
  const close = (id: string) => {
    closeTerminalTab(id)
    if (id === active) setActive(tabs.filter((tab) => tab.id !== id).at(-1)?.id ?? null)
  }
  return (
    <div className={styles.terminal}>
      {tabs.length > 0 && (
        <div className={styles.bar}>
          <TerminalTabs tabs={tabs} active={shown?.id ?? null} onSelect={setActive} onClose={close} />
          <Tooltip label="New terminal">
            <ActionIcon aria-label="New terminal" onClick={() => setActive(null)}>
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
      {shown ? <TerminalPane key={shown.id} tab={shown} /> : <OpenTerminal summary={summary} onOpen={open} />}
    </div>
  )
}
