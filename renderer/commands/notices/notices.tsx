import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import styles from '../commands.module.css'
import { noticeWords } from './notice-words.ts'

/** Long enough to read it, think, and reach the button. */
const undoShownMs = 10_000

const closeButtonProps = { 'aria-label': noticeWords.dismiss }

/** What went wrong with a command that no screen shows. It stays until it was read. */
export function tellFailure(what: string, error: ErrorEnvelope): void {
  const details = [`${error.id}: ${error.message}`, error.detail].filter(Boolean).join('\n')
  notifications.show({
    color: 'red',
    title: noticeWords.failed(what),
    message: (
      <>
        {error.message} <CopyButton text={details} label={noticeWords.copyDetails} />
      </>
    ),
    autoClose: false,
    closeButtonProps,
  })
}

/** Why a command that was asked for by a key or the palette is not done. */
export function tellObstacle(what: string, obstacle: string): void {
  notifications.show({ color: 'gray', title: noticeWords.notNow(what), message: obstacle, closeButtonProps })
}

/** What was done, with its way back. */
export function tellDone(id: string, said: string, undo: () => void): void {
  notifications.show({
    id,
    message: (
      <span className={styles.done}>
        {said}
        <Button size="compact-xs" variant="default" onClick={undo}>
          {noticeWords.undo}
        </Button>
      </span>
    ),
    withBorder: true,
    autoClose: undoShownMs,
    closeButtonProps,
  })
}

/** Something small that was done and is over. */
export function tellNews(said: string): void {
  notifications.show({ message: said, color: 'gray', closeButtonProps })
}

export function tellUndone(said: string): void {
  notifications.show({ title: noticeWords.undone, message: said, color: 'gray', closeButtonProps })
}
