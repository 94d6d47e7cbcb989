import { Button, Select, TextInput } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { useObstacle } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './terminal.module.css'

interface OpenTerminalProps {
  summary: AppSummary
  onOpen: (command: string, size: string | null) => void
}

export function OpenTerminal({ summary, onOpen }: OpenTerminalProps) {
  const [command, setCommand] = useState('bash')
  const [size, setSize] = useState<string | null>(null)
  const sizes = useResource('dynoSizes.list', { serverId: summary.serverId }).data ?? []
  const obstacle = useObstacle(summary, 'operate')
  const problem = obstacle ?? (summary.release?.slug ? null : 'There is no release to run in yet: deploy first.')
  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault()
        if (!problem && command.trim()) onOpen(command.trim(), size)
      }}
    >
      <h2>Run a one-off dyno</h2>
      <p>
        A fresh dyno with the current release and its config vars, beside those that serve. What it writes to its file
        system is gone when it ends.
      </p>
      <div className={styles.fields}>
        <TextInput
          label="Command"
          value={command}
          onChange={(event) => setCommand(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          error={problem}
        />
        <Select
          label="Size"
          placeholder="default"
          clearable
          clearButtonProps={{ 'aria-label': 'Use the default size' }}
          data={sizes.map(({ name }) => name)}
          value={size}
          onChange={setSize}
        />
      </div>
      <Button
        type="submit"
        size="sm"
        disabled={problem !== null || !command.trim()}
        leftSection={<IconTerminal2 size={16} aria-hidden="true" />}
      >
        Open terminal
      </Button>
    </form>
  )
}
