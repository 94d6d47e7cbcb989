import { Button, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { ReleaseDifference } from '../../../electron/bridge/contract.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import styles from './file-changes.module.css'

type FileDifference = NonNullable<ReleaseDifference['files']>
type FileChange = FileDifference['changes'][number]

const shownAtFirst = 8

/** The files in which the slugs of two releases differ; what package managers installed as one line a package. */
export function FileChanges({ files }: { files: FileDifference }) {
  const [isWhole, setWhole] = useState(false)
  const { changes, more, isPartial } = files
  if (changes.length === 0) return null
  const shown = isWhole ? changes : changes.slice(0, shownAtFirst)
  const hidden = changes.length - shown.length
  return (
    <section className={styles.files} aria-label="Files that differ">
      <h4 className={styles.title}>{titleOf(files)}</h4>
      <ul className={styles.list} tabIndex={isWhole ? 0 : undefined} data-is-whole={isWhole || undefined}>
        {shown.map((change) => (
          <Change key={change.path} change={change} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setWhole(true)}>
          Show {countOf(hidden, 'more file')}
        </Button>
      )}
      {isWhole && more > 0 && <p className="dim">And {countOf(more, 'more file')} that are not listed.</p>}
      {isPartial && <p className="dim">These slugs have more files than are kept: only the first ones are compared.</p>}
    </section>
  )
}

function titleOf({ added, removed, changed }: FileDifference): string {
  const parts = [changed && `${changed} changed`, added && `${added} new`, removed && `${removed} gone`]
  return `Files: ${parts.filter(Boolean).join(', ')}`
}

function Change({ change: { path, from, to } }: { change: FileChange }) {
  const kind = from === null ? 'added' : to === null ? 'removed' : 'changed'
  return (
    <li className={styles.change} data-change={kind}>
      <span className={styles.sign} aria-hidden="true">
        {{ added: '+', removed: '−', changed: '~' }[kind]}
      </span>
      <VisuallyHidden>{{ added: 'new: ', removed: 'gone: ', changed: 'changed: ' }[kind]}</VisuallyHidden>
      <span className={`mono ${styles.path}`}>{path}</span>
      <span className={styles.size}>{sizeOf(from, to)}</span>
    </li>
  )
}

function sizeOf(from: number | null, to: number | null): string {
  if (from === null || to === null || from === to) return formatBytes(to ?? from ?? 0)
  return `${formatBytes(from)} → ${formatBytes(to)}`
}
