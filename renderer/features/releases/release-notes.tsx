import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './releases.module.css'

/** What was written about a release, and room for more; works while the server is away. */
export function ReleaseNotes({ release: { serverId, appId, version, notes } }: { release: LedgerRelease }) {
  const [text, setText] = useState('')
  const add = useAction(async () => {
    await bridge().call('ledger.addNote', { serverId, appId, version, text })
    setText('')
  })
  return (
    <section className={styles.section} aria-label={`Notes on v${version}`}>
      <h3 className={styles.sectionTitle}>Notes</h3>
      {notes.length > 0 && (
        <ul className={styles.notes}>
          {notes.map((note) => (
            <li key={`${note.writtenAt} ${note.text}`}>
              {note.text}{' '}
              <span className="dim">
                <Ago at={note.writtenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <form
        className={styles.noteForm}
        onSubmit={(event) => {
          event.preventDefault()
          void add.run()
        }}
      >
        <Textarea
          aria-label={`New note on v${version}`}
          placeholder="Why, what to watch, what went wrong"
          description="Kept on this computer. A note can be added but not changed."
          inputWrapperOrder={['input', 'description']}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={text.trim() === ''} loading={add.isRunning}>
          Add note
        </Button>
      </form>
      <ErrorNotice error={add.error} onClose={add.clearError} />
    </section>
  )
}
