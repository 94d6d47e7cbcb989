import { Tooltip, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'

interface GuardedProps {
  /** Why it can't be used now; null when it can. */
  obstacle: string | null
  /** The control, disabled when there is an obstacle. */
  children: ReactNode
}

/** A control that says why it is disabled: to the pointer, to the keyboard and to screen readers. */
export function Guarded({ obstacle, children }: GuardedProps) {
  if (obstacle === null) return children
  return (
    <Tooltip label={obstacle} multiline w={300} events={{ hover: true, focus: true, touch: true }}>
      {/* A disabled control takes no focus, so its reason does. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <span tabIndex={0} style={{ display: 'inline-flex' }}>
        {children}
        <VisuallyHidden>{obstacle}</VisuallyHidden>
      </span>
    </Tooltip>
  )
}
