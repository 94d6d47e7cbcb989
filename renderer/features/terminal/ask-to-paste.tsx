import { ask } from '../../components/actions/ask.tsx'
import { countOf } from '../../lib/format.ts'
import styles from './terminal.module.css'

/** What is shown of a long text: enough to tell what it is. */
const shownLines = 12

/** Before text with line breaks goes to a program that would take each of them for Enter. */
export function askToPaste(text: string, paste: () => void): void {
  const lines = text.replace(/\r?\n$/, '').split(/\r\n|\r|\n/)
  const more = lines.length - shownLines
  ask({
    title: lines.length === 1 ? 'Paste a line that runs at once?' : `Paste ${countOf(lines.length, 'line')}?`,
    children: (
      <>
        <p>What runs in this terminal takes each line break for Enter, so this is run line by line as it is pasted.</p>
        <pre className={styles.pasted}>{lines.slice(0, shownLines).join('\n')}</pre>
        {more > 0 && <p className="dim">… and {countOf(more, 'more line', 'more lines')}</p>}
      </>
    ),
    confirm: 'Paste',
    cancel: 'Keep it out',
    isWide: true,
    isDestructive: true,
    onConfirm: paste,
  })
}
