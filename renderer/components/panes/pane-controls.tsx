import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconColumns2, IconX } from '@tabler/icons-react'
import { keyName } from '../../lib/panes/pane-key.ts'
import type { PaneKind } from '../../lib/panes/pane-layout.ts'

/** What a pane can be told, whichever kind it is; a screen hands it to the pane to show in its bar. */
export interface PaneDoor {
  /** Null when there is room for no more. */
  split: ((kind: PaneKind) => void) | null
  /** Null for the last one. */
  close: (() => void) | null
}

export function PaneControls({ split, close }: PaneDoor) {
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="Split the pane" title="Split the pane" disabled={split === null}>
            <IconColumns2 size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => split?.('log')}>Log beside it</Menu.Item>
          <Menu.Item onClick={() => split?.('terminal')}>Terminal beside it</Menu.Item>
          <Menu.Label>{keyName('split')} splits into two of a kind</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      {close && (
        <Tooltip label={`Close the pane (${keyName('close')})`}>
          <ActionIcon aria-label="Close the pane" onClick={close}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  )
}
