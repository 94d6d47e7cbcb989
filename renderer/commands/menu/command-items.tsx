import { Kbd, Menu } from '@mantine/core'
import { Fragment } from 'react'
import { isMac } from '../../lib/is-mac.ts'
import { peekResource } from '../../stores/resources.ts'
import { type Offer, start } from '../at-hand.ts'
import styles from '../commands.module.css'
import { isSingle, sayShortcut } from '../shortcuts/shortcut.ts'

interface CommandItemsProps {
  offers: Offer[]
  /** Their keys do the same from where the menu is. */
  showsKeys?: boolean
}

/** Commands as items of a menu; what can't be done now says why, once. */
export function CommandItems({ offers, showsKeys = false }: CommandItemsProps) {
  const shown = offers.map((each) => ({
    ...each,
    // One that asks in its own way says there what stands in its way.
    obstacle: each.command.ask ? null : each.command.obstacle(each.subject),
  }))
  const obstacles = new Set(shown.flatMap(({ obstacle }) => obstacle ?? []))
  const [harmless, harmful] = [shown.filter(isHarmless), shown.filter((each) => !isHarmless(each))]
  return (
    <>
      {[...harmless, ...harmful].map((each, at) => {
        const { id, command, subject, obstacle } = each
        return (
          <Fragment key={id}>
            {at > 0 && at === harmless.length && <Menu.Divider />}
            <Menu.Item
              className={`${styles.item} ${isHarmless(each) ? '' : styles.harmful}`}
              leftSection={<command.icon size={15} stroke={1.7} aria-hidden="true" />}
              rightSection={showsKeys && <ShortcutKeys shortcut={command.shortcut} />}
              disabled={obstacle !== null}
              onClick={() => start(each)}
            >
              {command.label(subject)}
              {command.loss || command.ask ? '…' : ''}
            </Menu.Item>
          </Fragment>
        )
      })}
      {[...obstacles].map((obstacle) => (
        <Menu.Label key={obstacle} maw={260}>
          {obstacle}
        </Menu.Label>
      ))}
    </>
  )
}

const isHarmless = ({ command }: Offer) => command.loss === null

/** Nothing where the keys are turned off. */
export function ShortcutKeys({ shortcut }: { shortcut: string | null }) {
  if (shortcut === null || (isSingle(shortcut) && !(peekResource('settings.get', {})?.singleKeys ?? true))) return null
  return (
    <Kbd size="xs" className={styles.keys}>
      {sayShortcut(shortcut, isMac)}
    </Kbd>
  )
}
