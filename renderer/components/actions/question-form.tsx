import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Action } from '../../lib/react/use-action.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'

interface QuestionFormProps {
  /** What is done, as the button says it. */
  confirm: string
  cancel?: string
  /** Takes something away. */
  isDestructive?: boolean
  /** Whether enough is filled in. */
  isReady: boolean
  action: Action<[], unknown>
  onCancel: () => void
  children: ReactNode
}

/** The inside of a dialog that asks for more than a yes: its fields, what went wrong, the way out and the way on. */
export function QuestionForm({
  confirm,
  cancel = 'Cancel',
  isDestructive = false,
  isReady,
  action,
  onCancel,
  children,
}: QuestionFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) void action.run()
      }}
    >
      <Stack gap={12}>
        {children}
        <ErrorNotice error={action.error} onClose={action.clearError} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onCancel}>
            {cancel}
          </Button>
          <Button type="submit" {...(isDestructive && { color: 'red' })} disabled={!isReady} loading={action.isRunning}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
