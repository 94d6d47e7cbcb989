import { Badge, Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { ToneBadge } from '../../components/tone-badge.tsx'
import { type Dotenv, parseDotenv } from '../../lib/apps/dotenv.ts'
import { countOf } from '../../lib/format.ts'
import styles from './config-vars.module.css'
import type { Update } from './config-vars.tsx'

interface PasteDotenvProps {
  isOpen: boolean
  current: Record<string, string>
  onClose: () => void
  onApply: (update: Update) => Promise<boolean | undefined>
}

/** Many config vars at once, from the text of a `.env` file: what it would do is shown before it is done. */
export function PasteDotenv({ isOpen, current, onClose, onApply }: PasteDotenvProps) {
  const [text, setText] = useState('')
  const parsed = parseDotenv(text)
  const update = Object.fromEntries(
    parsed.entries.filter(({ name, value }) => current[name] !== value).map(({ name, value }) => [name, value]),
  )
  const count = Object.keys(update).length
  const close = () => {
    setText('')
    onClose()
  }
  const apply = () => {
    close()
    void onApply(update)
  }
  return (
    <Modal opened={isOpen} onClose={close} title="Paste a .env file" size="lg">
      <Stack gap={12}>
        <Textarea
          label="Text of the file"
          description="NAME=value, one a line. Quotes, comments and values over several lines are understood; nothing is expanded."
          placeholder={'DATABASE_URL=postgres://…\nSESSION_SECRET="…"'}
          autosize
          minRows={6}
          maxRows={14}
          data-autofocus
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Preview parsed={parsed} current={current} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={count === 0} onClick={apply}>
            {count === 0 ? 'Set config vars' : `Set ${countOf(count, 'config var')}`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Preview({ parsed, current }: { parsed: Dotenv; current: Record<string, string> }) {
  if (parsed.entries.length + parsed.problems.length === 0) return null
  return (
    <ul className={styles.preview} aria-label="What will change">
      {parsed.problems.map(({ line, message }) => (
        <li key={`line ${line}`}>
          <span>
            Line {line} {message}
          </span>
          <ToneBadge tone="bad">left out</ToneBadge>
        </li>
      ))}
      {parsed.entries.map(({ name, value }) => (
        <li key={name}>
          <span className="mono">{name}</span>
          {!(name in current) ? (
            <Badge>new</Badge>
          ) : current[name] === value ? (
            <ToneBadge tone="quiet">as it is</ToneBadge>
          ) : (
            <ToneBadge tone="warning">changed</ToneBadge>
          )}
        </li>
      ))}
    </ul>
  )
}
