import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { AddedRemote } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './git-panel.module.css'

interface AddedRemoteProps {
  added: AddedRemote
  onUndone: () => void
}

/** What was done to the folder, word for word, what to do next, and a way back. */
export function AddedRemoteNotice({ added, onUndone }: AddedRemoteProps) {
  const undo = useAction(async () => {
    await bridge().call('git.undoRemote', { id: added.id })
    onUndone()
  })
  const push = `git push ${added.name} HEAD:main`
  return (
    <div className={styles.added} role="status">
      <IconCheck size={16} aria-hidden="true" />
      <div className={styles.done}>
        <div>
          {added.commands.length === 0
            ? `${added.folder} has this remote already.`
            : added.replaced === null
              ? `Added ${added.name} in ${added.folder}:`
              : `${added.name} in ${added.folder} was ${added.replaced} and is now this app:`}
        </div>
        {added.commands.length > 0 && <pre className={styles.commands}>{added.commands.join('\n')}</pre>}
        {added.notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
        <div className={styles.next}>
          Deploy with <span className="mono">{push}</span>
          <CopyButton text={push} label={`Copy ${push}`} />
        </div>
        <ErrorNotice error={undo.error} onClose={undo.clearError} />
      </div>
      {added.undo.length > 0 && (
        <Button variant="default" loading={undo.isRunning} onClick={() => void undo.run()}>
          Undo
        </Button>
      )}
    </div>
  )
}
