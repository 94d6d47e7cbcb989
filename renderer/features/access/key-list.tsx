import { Badge, Tooltip } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { PersonKey } from '../../../electron/bridge/contract.ts'
import { shortenFingerprint } from '../../lib/fingerprint.ts'
import styles from './access.module.css'

/** The keys by which somebody gets in: what they are called, and enough of the fingerprint to tell them apart. */
export function KeyList({ keys, label }: { keys: readonly PersonKey[]; label: string }) {
  if (keys.length === 0)
    return (
      <div className={styles.keys}>
        <Badge color="red">no key</Badge> Root took their keys out on the server: they do not get in.
      </div>
    )
  return (
    <ul className={styles.keys} aria-label={label}>
      {keys.map(({ id, fingerprint, comment, type, added_by: by }) => (
        <li key={id} className={styles.key}>
          <IconKey size={12} aria-hidden="true" />
          {comment && <span className="truncate">{comment}</span>}
          <Tooltip label={`${type} ${fingerprint}, let in by ${by?.email ?? 'root on the server'}`} multiline maw={420}>
            <span className="mono">{shortenFingerprint(fingerprint)}</span>
          </Tooltip>
        </li>
      ))}
    </ul>
  )
}
