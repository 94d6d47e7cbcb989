import { ActionIcon, Tooltip } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { saveFile } from '../../lib/save-file.ts'
import type { TerminalParts } from '../../lib/terminal/terminal.ts'
import { readTerminal } from '../../lib/terminal/terminal-text.ts'

interface SavePaneProps {
  /** The file's name begins with it. */
  name: string
  parts: TerminalParts | null
}

export function SavePane({ name, parts }: SavePaneProps) {
  return (
    <Tooltip label="Save what the pane holds">
      <ActionIcon aria-label="Save what the pane holds" onClick={() => parts && save(name, parts)}>
        <IconDownload size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

function save(name: string, { terminal }: TerminalParts): void {
  const moment = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  saveFile(`${name.replaceAll(/[^\w.-]+/g, '-')}-${moment}.log`, readTerminal(terminal.buffer.active))
}
