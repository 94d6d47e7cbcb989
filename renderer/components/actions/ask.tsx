import { TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { type ReactNode, useState } from 'react'
import { useAction } from '../../lib/react/use-action.ts'
import { QuestionForm } from './question-form.tsx'

interface Question {
  title: string
  children: ReactNode
  /** What is done on yes, as the button says it. */
  confirm: string
  cancel?: string
  /** Wider, for what is more than a sentence. */
  isWide?: boolean
  /** Takes something away: then the keyboard begins on the way out, else on the way on. */
  isDestructive?: boolean
  /** What has to be typed for a yes: a name. The dialog then stays until the work is done, and shows what went wrong. */
  typed?: string
  onConfirm: () => unknown
}

/** Asks before something is done. The focus comes back to what asked. */
export function ask(question: Question): void {
  const { title, children, confirm, cancel = 'Keep', isWide = false, isDestructive = false, onConfirm } = question
  if (question.typed !== undefined) {
    const close = () => modals.close(id)
    const id = modals.open({
      title,
      children: <TypedQuestion {...question} name={question.typed} onClose={close} />,
    })
    return
  }
  const first = { 'data-autofocus': true }
  modals.openConfirmModal({
    title,
    children,
    size: isWide ? 'xl' : 'md',
    labels: { confirm, cancel },
    cancelProps: isDestructive ? first : {},
    confirmProps: isDestructive ? { color: 'red' } : first,
    onConfirm: () => void onConfirm(),
  })
}

function TypedQuestion({
  name,
  children,
  confirm,
  cancel = 'Keep',
  onConfirm,
  onClose,
}: Question & { name: string; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const work = useAction(async () => {
    await onConfirm()
    onClose()
  })
  return (
    <QuestionForm
      confirm={confirm}
      cancel={cancel}
      isDestructive
      isReady={typed === name}
      action={work}
      onCancel={onClose}
    >
      <span>{children}</span>
      <TextInput
        label={`Type ${name} to confirm`}
        value={typed}
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </QuestionForm>
  )
}
