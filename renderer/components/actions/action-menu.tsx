import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'

interface ActionMenuProps {
  label: string
  /** Shown instead of the dots. */
  text?: string
  /** What can be done: `Menu.Item`s. */
  children: ReactNode
}

/** What can be done to one thing of many, behind three dots. */
export function ActionMenu({ label, text, children }: ActionMenuProps) {
  const [isOpen, setOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  // Tab leads out, as in every menu: left to itself it would lead nowhere, or past a menu that has not got the focus yet and leave
  // it open behind.
  const leaveOnTab = (event: KeyboardEvent) => {
    if (event.key !== 'Tab' || !isOpen) return
    event.preventDefault()
    setOpen(false)
    trigger.current?.focus()
  }
  return (
    <Menu opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        {text ? (
          <Button ref={trigger} variant="default" aria-label={label} onKeyDown={leaveOnTab}>
            {text}
          </Button>
        ) : (
          <ActionIcon ref={trigger} size={24} aria-label={label} onKeyDown={leaveOnTab}>
            <IconDots size={15} />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown onKeyDown={leaveOnTab}>{children}</Menu.Dropdown>
    </Menu>
  )
}
