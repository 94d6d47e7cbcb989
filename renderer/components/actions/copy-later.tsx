import { Button } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useState } from 'react'

interface CopyLaterProps {
  label: string
  /** What is copied is asked for when it is, because it is a secret or costs something. */
  read: () => Promise<string>
}

const shownMs = 1500

export function CopyLater({ label, read }: CopyLaterProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await read())
      setState('copied')
    } catch {
      setState('failed')
    }
    setTimeout(() => setState('ready'), shownMs)
  }
  const Icon = { ready: IconCopy, copied: IconCheck, failed: IconX }[state]
  const said = { ready: label, copied: 'Copied', failed: 'Not copied' }[state]
  return (
    <Button
      variant="default"
      aria-label={`Copy for ${label}`}
      leftSection={<Icon size={14} aria-hidden="true" />}
      onClick={() => void copy()}
    >
      {said}
    </Button>
  )
}
